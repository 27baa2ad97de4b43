// Needs git.
import { afterAll, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";

const home = mkdtempSync(join(tmpdir(), "kustomize-clone-"));
afterAll(() => rmSync(home, { recursive: true }));

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const result = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) throw new TypeError(result.stderr);
}

const repo = join(home, "repo");
mkdirSync(join(repo, "base"), { recursive: true });
writeFileSync(join(repo, "base/kustomization.yaml"), "resources: [a.yaml]\nnamePrefix: r-\n");
writeFileSync(join(repo, "base/a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
symlinkSync(home, join(repo, "link"));
git(repo, "init", "--quiet");
git(repo, "add", "--all");
git(repo, "commit", "--quiet", "--message", "first");
git(repo, "tag", "v1");
const overlay = join(home, "overlay");
mkdirSync(overlay);

function run(reference: string, prefix = "") {
  const resource = `${prefix}file://${repo}${reference}`;
  writeFileSync(join(overlay, "kustomization.yaml"), `resources: ["${resource}"]\n`);
  return build(overlay, { allowRemote: true });
}

function render(reference: string): string {
  return run(reference).text;
}

test("build() fetches a base at its ref when that is allowed", () => {
  expect(render("//base?ref=v1")).toContain("name: r-a\n");
}, 120_000);

test.each(["20000.5ms", "99999999999h"])(
  "build() fetches with a timeout of %s",
  (timeout) => {
    expect(render(`//base?timeout=${timeout}`)).toContain("name: r-a\n");
  },
  120_000,
);

// What kustomize 5.8.1 says, but for the names of temporary folders.
test.each([
  [
    "//base?ref=v9",
    / fetch --depth=1 file:\S+repo v9': fatal: couldn't find remote ref v9\n: exit status 128$/,
  ],
  ["//nope?ref=v1", /evalsymlink failure on '(\S+\/nope)' : lstat \1: no such file or directory$/],
  ["//base/a.yaml", /'\S+\/base\/a\.yaml' refers to file 'a\.yaml'; expecting directory$/],
  ["//link", /"(\S+)\/link" refers to directory outside of repo "\1"$/],
])(
  "build() says what is wrong with %s",
  (reference, message) => {
    expect(() => render(reference)).toThrow(message);
  },
  120_000,
);

test("build() warns of the prefix git::", () => {
  expect(run("//base", "git::").warnings).toEqual([
    expect.stringContaining("Forcing the git protocol using the 'git::' URL prefix"),
  ]);
}, 120_000);

test("build() refuses a ref that would be an option", () => {
  expect(() => render("//base?ref=--upload-pack=x")).toThrow("begins with a dash");
});
