import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAdopt } from "./adopt-command.ts";
import { render } from "./render.ts";

const ROOT = join(import.meta.dirname, "../../..");
const isCheckout = existsSync(join(ROOT, ".git"));
if (!isCheckout) console.warn("adopt: skipped, this is no checkout of Git");

// In parts, so that the clone does not have the name in this file.
const IMAGES = ["ghcr.io", "acme"].join("/");

// A clone of the whole repository, its packages installed from the cache.
setDefaultTimeout(180_000);
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "adopt-"));
  if (!isCheckout) return;
  execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${ROOT}`, root]);
  execFileSync("git", ["config", "user.name", "n"], { cwd: root });
  execFileSync("git", ["config", "user.email", "e@example.org"], { cwd: root });
  execFileSync(process.execPath, ["install", "--frozen-lockfile", "--silent"], { cwd: root });
});
afterAll(() => rmSync(root, { recursive: true }));

function git(...words: string[]): string {
  return execFileSync("git", words, { cwd: root, encoding: "utf8" });
}

function adopt(...words: string[]): string {
  let output = "";
  runAdopt(words, {
    root,
    print: (text) => {
      output += text;
    },
  });
  return output;
}

function countNames(owner: string): number {
  const { stdout } = spawnSync("git", ["grep", "-ciE", `(ghcr.io|github.com)/${owner}/`], {
    cwd: root,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line !== "").length;
}

test.skipIf(!isCheckout)("adopt makes a fork its owner's, and can be run again", () => {
  const files = countNames("hookline");
  const head = git("rev-parse", "HEAD");
  expect(adopt("Acme", "--dry-run")).toContain("hookline → Acme\n");
  expect(git("status", "--porcelain")).toBe("");

  expect(adopt("Acme")).toMatch(/committed [0-9a-f]{7,}\n$/);
  expect([countNames("hookline"), countNames("acme")]).toEqual([0, files]);
  expect(git("grep", "-h", "newName: ghcr.io", "gitops/base")).toContain(`${IMAGES}/app\n`);
  expect(git("grep", "-h", "repoURL", "gitops/applications/application-root.yaml")).toContain(
    ["github.com", "Acme", "hookline.git"].join("/"),
  );
  expect(git("show", "HEAD:gitops/golden/production.yaml")).toContain(`${IMAGES}/app:`);
  expect(git("log", "--format=%s", `${head.trim()}..HEAD`)).toBe("chore: adopt for Acme\n");

  // What is generated names the owner as well: it is what would be generated now.
  render(root);
  expect(git("status", "--porcelain")).toBe("");
  expect(adopt("Acme")).toBe("nothing to do: all is Acme's already\n");
  adopt("other");
  expect([countNames("acme"), countNames("other")]).toEqual([0, files]);
});

test.skipIf(!isCheckout)("adopt refuses what is not committed, and names that no owner has", () => {
  expect(() => adopt("a--b")).toThrow('Cannot adopt for "a--b"');
  expect(() => adopt("a/b")).toThrow('Cannot adopt for "a/b"');
  appendFileSync(join(root, "README.md"), "more");
  expect(() => adopt("acme")).toThrow("Cannot adopt: README.md changed and not committed");
});
