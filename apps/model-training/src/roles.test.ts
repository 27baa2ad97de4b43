import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findDataFiles, requireRoles } from "./roles.ts";

let folder = "";
const NAMES = [
  "train.tsv.gz",
  "train-b.tsv",
  "val.tsv",
  "test.2026.tsv.gz",
  "holdout_all.tsv",
  "x.tsv",
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-roles-"));
  for (const name of NAMES) await writeFile(join(folder, name), "");
});
afterAll(() => rm(folder, { recursive: true }));

const names = (files: readonly string[]) => files.map((file) => basename(file));

test("findDataFiles() sorts a folder by name and passes over other names", async () => {
  const files = await findDataFiles([folder]);
  expect(names(files.train)).toEqual(["train-b.tsv", "train.tsv.gz"]);
  expect(names(files.val)).toEqual(["val.tsv"]);
  expect(names(files.test)).toEqual(["test.2026.tsv.gz"]);
  expect(files.holdout).toEqual([]);
});

test("findDataFiles() takes files of any name for the role they are given for", async () => {
  const files = await findDataFiles([join(folder, "val.tsv")], { test: [join(folder, "x.tsv")] });
  expect([names(files.val), names(files.test)]).toEqual([["val.tsv"], ["x.tsv"]]);
});

test("findDataFiles() refuses a named file that it cannot place", async () => {
  const finding = findDataFiles([join(folder, "holdout_all.tsv")]);
  await expect(finding).rejects.toThrow("its name starts with none of train, val, test, holdout");
});

test("requireRoles() names the roles that are missing", async () => {
  const files = await findDataFiles([join(folder, "val.tsv")]);
  expect(() => requireRoles(files, ["val"])).not.toThrow();
  expect(() => requireRoles(files, ["train", "val", "test"])).toThrow(
    "Cannot start: no data for train, test; name files so (train.tsv.gz) or give --train, --test",
  );
});
