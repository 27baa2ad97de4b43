// Needs git.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listDeliveries } from "../promote/rollback.ts";
import { findPersonsRevert, isHistoryCut, readHold } from "./holds.ts";

const PIN = "gitops/pin.yaml";
const COMMAND = "promote canary --weight 25";

let folder: string;
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holds-"));
  root = join(folder, "whole");
  mkdirSync(join(root, "gitops/overlays/production"), { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main", "whole");
  commit("pin.yaml", "feat: a canary");
  commit("weight.yaml", `feat: more\n\nHookline-Delivery: ${COMMAND}\nHookline-Judge: by tests`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }), 60_000);

function git(at: string, ...words: string[]): string {
  const who = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...words], { cwd: at, encoding: "utf8" }).trim();
}

function commit(file: string, message: string): string {
  writeFileSync(join(root, "gitops", file), message);
  git(root, "add", "--all");
  git(root, "commit", "--quiet", `--message=${message}`);
  return git(root, "rev-parse", "HEAD");
}

function clone(name: string, depth: number): string {
  git(folder, "clone", "--quiet", `--depth=${depth}`, `file://${root}`, name);
  return join(folder, name);
}

test.each([
  ["a file", (at: string) => writeFileSync(at, "the fair\n"), "the fair"],
  ["an empty file", (at: string) => writeFileSync(at, ""), "no reason is given"],
  ["a folder", (at: string) => mkdirSync(at), "no reason is given"],
  ["a link to nowhere", (at: string) => symlinkSync("nowhere", at), "no reason is given"],
])("readHold() obeys %s", (name, make, reason) => {
  const overlay = join(root, "gitops/overlays", name);
  mkdirSync(overlay);
  expect(readHold(root, name)).toBeUndefined();
  make(join(overlay, "HOLD"));
  expect(readHold(root, name)).toBe(reason);
});

test.each(["productoin", "", ".", "..", "../overlays/production"])(
  'readHold() refuses the overlay "%s", whose hold it would not see',
  (name) => {
    expect(() => readHold(root, name)).toThrow("there is no such overlay");
  },
);

test("findPersonsRevert() sees a person's commit whatever its trailers look like", () => {
  const judged = git(root, "rev-parse", "HEAD");
  const hash = commit("weight.yaml", `fix: no\n\nThis reverts commit ${judged}.\n\n${FOLDED}`);
  const deliveries = listDeliveries(root);
  expect(deliveries[0]).toMatchObject({ command: "a b", isJudged: false });
  const found = findPersonsRevert(root, { deliveries, command: COMMAND, pinFile: PIN });
  expect(found?.hash).toBe(hash);
});

/** A value over two lines. */
const FOLDED = "Hookline-Delivery: a\n  b";

test("isHistoryCut() tells a clone that ends before the candidate came", () => {
  expect(isHistoryCut(root, PIN)).toBe(false);
  // CI's checkout: the revert of the promotion is seen, the promotion is not.
  const shallow = clone("shallow", 1);
  const deliveries = listDeliveries(shallow);
  expect(
    findPersonsRevert(shallow, { deliveries, command: COMMAND, pinFile: PIN }),
  ).toBeUndefined();
  expect(isHistoryCut(shallow, PIN)).toBe(true);
  git(shallow, "fetch", "--quiet", "--unshallow");
  expect(isHistoryCut(shallow, PIN)).toBe(false);
  // Cut, but behind the candidate.
  commit("pin.yaml", "feat: another canary");
  expect(isHistoryCut(clone("newer", 2), PIN)).toBe(false);
});
