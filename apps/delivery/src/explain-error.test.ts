// Needs git.
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@hookline/kustomize-ts";
import { DeliveryError } from "./errors.ts";
import { explainError } from "./explain-error.ts";
import { runGit } from "./git.ts";
import { findPin } from "./promote/roles.ts";
import { readPins } from "./release/deploy.ts";
import { readRepository } from "./release/read-repository.ts";

function messageOf(act: () => unknown): string | undefined {
  try {
    act();
    return "nothing was thrown";
  } catch (error) {
    return explainError("promote", error)?.message;
  }
}

function treeWith(kustomization: string): string {
  const root = mkdtempSync(join(tmpdir(), "hookline-broken-"));
  mkdirSync(join(root, "gitops/base"), { recursive: true });
  mkdirSync(join(root, "gitops/components"));
  writeFileSync(join(root, "gitops/base/kustomization.yaml"), kustomization);
  return root;
}

test.each<[string, () => unknown, RegExp]>([
  [
    "a file that is not there",
    () => readFileSync("/no/such/file"),
    /^Cannot promote: ENOENT: no such file or directory, open '\/no\/such\/file'$/,
  ],
  ["no YAML", () => parseYaml("a: [", "a.yaml"), /^Cannot promote: a\.yaml:2:1: yaml: /],
  ["an error of ours", () => runGit("/", ["no-such"]), /^Cannot run git no-such: git: /],
])("explainError() tells of %s in one sentence", (_, act, message) => {
  expect(messageOf(act)).toMatch(message);
});

test("explainError() leaves a fault of ours its stack", () => {
  expect(explainError("promote", new TypeError("x is not a function"))).toBeUndefined();
});

test.each<[string, string, (root: string) => unknown, RegExp]>([
  [
    "images that are none",
    "images: [1]",
    (root) => readPins(join(root, "gitops")),
    /^Cannot read the images of \S+\/base\/kustomization\.yaml: images\.0: .+$/,
  ],
  [
    "a role without an image",
    "images: []",
    (root) => findPin(root, "app-canary"),
    /^Cannot find the image of app-canary: no kustomization\.yaml in gitops\/ has an image of that name$/,
  ],
])("a tree with %s is refused and says which", (_, kustomization, act, message) => {
  const root = treeWith(kustomization);
  try {
    act(root);
    throw new Error("Expected a refusal");
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    expect(error.message).toMatch(message);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test.each([
  ["{", /Cannot read the version in \S+\/package\.json: JSON Parse error: /],
  ["{}", /Cannot read the version in \S+\/package\.json: it has no version$/],
])("a package.json that is %j is refused with the reason", (text, message) => {
  const root = treeWith("");
  mkdirSync(join(root, "apps/app"), { recursive: true });
  mkdirSync(join(root, "apps/model-service/models"), { recursive: true });
  mkdirSync(join(root, "packages"));
  writeFileSync(join(root, "apps/app/Dockerfile"), "");
  writeFileSync(join(root, "apps/app/package.json"), text);
  const git = (...words: string[]) =>
    runGit(root, ["-c", "user.name=n", "-c", "user.email=e", ...words]);
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "one");
  expect(() => readRepository(root)).toThrow(message);
  rmSync(root, { recursive: true });
});
