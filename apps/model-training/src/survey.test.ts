import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { surveyFiles } from "./survey.ts";

let folder = "";
let file = "";
const TEXT = [
  "phishing\ta.example/x\tfeed",
  "phishing\twww.b.example/y\tfeed",
  "phishing\tc.example\tother-feed",
  "legitimate\td.example\tlist",
].join("\n");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-survey-"));
  file = join(folder, "train.tsv");
  await writeFile(file, TEXT);
});
afterAll(() => rm(folder, { recursive: true }));

test("surveyFiles() counts rows by source and label and hashes the files", async () => {
  const sha256 = createHash("sha256").update(TEXT).digest("hex");
  expect(await surveyFiles("train", [file])).toEqual({
    role: "train",
    files: [{ name: "train.tsv", sha256 }],
    rows: 4,
    phishing: 3,
    notUrls: 0,
    sources: [
      { name: "feed", label: "phishing", rows: 2 },
      { name: "other-feed", label: "phishing", rows: 1 },
      { name: "list", label: "legitimate", rows: 1 },
    ],
    shared: {},
  });
});

test("surveyFiles() lists excluded sources but does not count their rows", async () => {
  const survey = await surveyFiles("train", [file], { excludeSources: ["feed"] });
  expect([survey.rows, survey.phishing, survey.sources.length]).toEqual([2, 1, 3]);
});

test("surveyFiles() counts rows whose domain must not be here", async () => {
  const apart = { test: new Set(["b.example", "d.example"]), holdout: new Set(["z.example"]) };
  const survey = await surveyFiles("train", [file], { apart });
  expect(survey.shared).toEqual({ test: 2, holdout: 0 });
  const without = await surveyFiles("train", [file], { apart, excludeSources: ["feed"] });
  expect(without.shared).toEqual({ test: 1, holdout: 0 });
});

test("surveyFiles() counts rows that are no URLs apart, and wants URLs of both classes", async () => {
  const mixed = join(folder, "mixed.tsv");
  await writeFile(mixed, `${TEXT}\nphishing\tno address\tfeed\nlegitimate\tnor this\tlist\n`);
  const { rows, phishing, notUrls } = await surveyFiles("train", [mixed]);
  expect([rows, phishing, notUrls]).toEqual([6, 4, 2]);
  await writeFile(mixed, "legitimate\td.example\tlist\nphishing\tno address\tfeed\n");
  await expect(surveyFiles("train", [mixed])).rejects.toThrow(
    "both classes are needed, found 0 phishing and 1 legitimate rows, and 1 whose text is no URL",
  );
});

test.each<[string, readonly string[], string]>([
  [
    "a source that does not occur",
    ["fead"],
    'Cannot exclude "fead": the training data has no such source; it has feed, list, other-feed',
  ],
  [
    "one class only",
    ["list"],
    "Cannot use the train data: both classes are needed, found 3 phishing and 0 legitimate rows",
  ],
  ["no row at all", ["list", "feed", "other-feed"], "Cannot use the train data: no row is left"],
])("surveyFiles() refuses %s", async (_, excludeSources, message) => {
  await expect(surveyFiles("train", [file], { excludeSources })).rejects.toThrow(message);
});
