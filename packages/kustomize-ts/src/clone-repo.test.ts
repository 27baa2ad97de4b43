import { afterAll, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
git(repo, "init", "--quiet");
git(repo, "add", "--all");
git(repo, "commit", "--quiet", "--message", "first");
git(repo, "tag", "v1");
const overlay = join(home, "overlay");
mkdirSync(overlay);

function render(reference: string): string {
  writeFileSync(join(overlay, "kustomization.yaml"), `resources: ["file://${repo}${reference}"]\n`);
  return build(overlay, { allowRemote: true }).text;
}

test("build() fetches a base at its ref when that is allowed", () => {
  expect(render("//base?ref=v1")).toContain("name: r-a\n");
}, 20_000);

test("build() names a ref that is not there", () => {
  expect(() => render("//base?ref=v9")).toThrow("v9");
}, 20_000);

test("build() refuses a ref that would be an option", () => {
  expect(() => render("//base?ref=--upload-pack=x")).toThrow("begins with a dash");
});
