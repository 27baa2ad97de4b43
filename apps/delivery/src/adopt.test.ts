// Needs git.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAdopt } from "./adopt-command.ts";
import { render } from "./render.ts";
import { type Clone, createClone, isCheckout } from "./testing/clone.ts";

if (!isCheckout) console.warn("adopt: skipped, this is no checkout of Git");

// In parts, so that the clone does not have the name in this file.
const IMAGES = ["ghcr.io", "acme"].join("/");

// Packages are installed into the clone.
setDefaultTimeout(180_000);
let clone: Clone;
/** Whose this checkout is: a fork that was adopted runs this too. */
let owner = "";
beforeAll(() => {
  if (!isCheckout) return;
  clone = createClone();
  const page = clone.git("grep", "-h", "newName: ghcr.io/.*/app$", "gitops/base");
  owner = page.trim().split("/")[1] ?? "";
});
afterAll(() => {
  if (isCheckout) clone.remove();
});

function adopt(...words: string[]): string {
  let output = "";
  runAdopt(words, {
    root: clone.root,
    print: (text) => {
      output += text;
    },
  });
  return output;
}

/** In how many files an owner is named, in expressions too. */
function countNames(name: string): number {
  const pattern = String.raw`(ghcr|github)\\?\.(io|com)\\?/${name}[\\)]*/`;
  const { stdout } = spawnSync("git", ["grep", "-ciE", pattern], {
    cwd: clone.root,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line !== "").length;
}

test.skipIf(!isCheckout)("adopt makes a fork its owner's, and can be run again", () => {
  const files = countNames(owner);
  expect(files).toBeGreaterThan(10);
  const head = clone.git("rev-parse", "HEAD");
  const told = adopt("Acme", "--dry-run");
  expect(told).toMatch(/^[\w-]+ → Acme\n/);
  expect(told).toEndWith("\nnothing is committed (--dry-run)\n");
  expect(clone.git("status", "--porcelain")).toBe("");

  expect(adopt("Acme")).toMatch(/committed [0-9a-f]{7,}\npush it: git push\n$/);
  expect([countNames(owner), countNames("acme")]).toEqual([0, files]);
  expect(clone.git("grep", "-h", "newName: ghcr.io", "gitops/base")).toContain(`${IMAGES}/app\n`);
  expect(clone.git("grep", "-h", "repoURL", "gitops/applications/application-root.yaml")).toContain(
    ["github.com", "Acme", "hookline.git"].join("/"),
  );
  expect(clone.git("show", "HEAD:gitops/golden/production.yaml")).toContain(`${IMAGES}/app:`);
  expect(clone.git("log", "--format=%s", `${head.trim()}..HEAD`)).toBe("chore: adopt for Acme\n");

  // What is generated names the owner as well: it is what would be generated now.
  render(clone.root);
  expect(clone.git("status", "--porcelain")).toBe("");
  expect(adopt("Acme")).toBe("nothing to do: all is Acme's already\n");
  adopt("other");
  expect([countNames("acme"), countNames("other")]).toEqual([0, files]);
});

test.skipIf(!isCheckout)("adopt leaves the tree as it was when Git does not commit", () => {
  const hook = join(clone.root, ".git/hooks/pre-commit");
  writeFileSync(hook, "#!/bin/sh\necho no commits here >&2\nexit 1\n", { mode: 0o755 });
  expect(() => adopt("third")).toThrow("no commits here");
  rmSync(hook);
  expect(clone.git("status", "--porcelain")).toBe("");
});

test.skipIf(!isCheckout)("adopt leaves links and what is no text as they are", () => {
  const name = ["github.com", "other", "hookline"].join("/");
  const picture = Buffer.concat([Buffer.of(0x89, 0, 0xff), Buffer.from(name)]);
  writeFileSync(join(clone.root, "docs/a.png"), picture);
  writeFileSync(join(clone.root, "docs/ä b.md"), `${name}/`);
  symlinkSync("docs", join(clone.root, "papers"));
  clone.git("add", "--all");
  clone.git("commit", "--quiet", "--message=docs: more");
  adopt("fourth");
  expect(readFileSync(join(clone.root, "docs/a.png"))).toEqual(picture);
  expect(readFileSync(join(clone.root, "docs/ä b.md"), "utf8")).toContain("/fourth/");
});

test.skipIf(!isCheckout)("adopt refuses what is not committed, and names that no owner has", () => {
  expect(() => adopt("a--b")).toThrow('Cannot adopt for "a--b"');
  expect(() => adopt("a/b")).toThrow('Cannot adopt for "a/b"');
  expect(() => adopt("acme", "other")).toThrow('"other" is one word too many');
  appendFileSync(join(clone.root, "README.md"), "more");
  expect(() => adopt("acme")).toThrow(
    "Cannot adopt: README.md changed and not committed; commit it, or",
  );
});
