import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Row, readRows } from "../dataset.ts";
import { readEvaluationSet } from "../evaluate/evaluation-set.ts";
import { surveyFiles } from "../survey.ts";
import { checkDisjoint, checkOneBits, checkRows, measureOneBits } from "./data.ts";

const OURS = join(import.meta.dirname, "../../testdata");
const SHARED = join(import.meta.dirname, "../../../../../shared/data");

async function read(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows([path])) rows.push(row);
  return rows;
}

/** Training rows of `folder` that are of sites of its other files. */
async function countShared(folder: string, ending: string) {
  const apart: Record<string, Set<string>> = {};
  for (const name of ["val", "test", "holdout"]) {
    const set = await readEvaluationSet(name, readRows([join(folder, name + ending)]));
    apart[name] = new Set(set.domains);
  }
  return surveyFiles("train", [join(folder, `train${ending}`)], { apart });
}

const train = await read(join(OURS, "train.tsv"));

test("our test data is fit: no label is told by one bit, no site is in two files", async () => {
  const survey = await countShared(OURS, ".tsv");
  expect(checkDisjoint(survey.rows, survey.shared)).toEqual([]);
  expect(checkRows(train)).toEqual([]);
  expect(checkOneBits(train)).toEqual([]);
});

// Each fault is planted into rows that are fit; the check must complain by name, and only of it.
const fit: readonly Row[] = Array.from({ length: 400 }, (_, at) => ({
  label: at % 2 === 0 ? 1 : 0,
  url: `site-${at >> 1}.example/page/${at}`,
  source: "fit",
}));

const phishing = (change: (url: string) => string) =>
  fit.map((row) => (row.label === 1 ? { ...row, url: change(row.url) } : row));

test.each<[string, readonly Row[], readonly string[]]>([
  ["nothing", fit, []],
  [
    "phishing written with https",
    phishing((url) => `https://${url}`),
    ["scheme is https", "has a scheme"],
  ],
  ["phishing written with www", phishing((url) => `www.${url}`), ["starts with www"]],
  ["phishing without a path", phishing((url) => url.replace(/\/.*/, "")), ["no path"]],
  ["phishing with a trailing slash", phishing((url) => `${url}/`), ["ends with a slash"]],
  ["phishing with a query", phishing((url) => `${url}?id=1`), ["has a query"]],
  ["phishing under .com", phishing((url) => url.replace(".example", ".com")), ["ends in .com"]],
  ["long phishing", phishing((url) => url + "a".repeat(60)), ["longer than 60"]],
])("checkOneBits() finds %s", (_, rows, bits) => {
  const messages = checkOneBits(rows).map((finding) => finding.message);
  for (const bit of bits) expect(messages.some((message) => message.includes(bit))).toBe(true);
  expect(messages.length).toBe(bits.length);
});

test("measureOneBits() is balanced accuracy: a bit that holds for nine of ten is worth 90 %", () => {
  const rows = fit.map((row, at) =>
    at % 20 === 0 ? row : { ...row, url: `${row.url}${row.label === 1 ? "?q" : ""}` },
  );
  const [best] = [...measureOneBits(rows)].sort((a, b) => b.accuracy - a.accuracy);
  expect(best).toEqual({ bit: "has a query", accuracy: expect.closeTo(0.95, 6) });
});

test.each<[string, readonly Row[], readonly string[]]>([
  ["nothing", fit, []],
  [
    "a URL with both labels",
    [...fit, { label: 0, url: "SITE-0.example/page/0", source: "x" }],
    ["labels"],
  ],
  ["rows twice", [...fit, ...fit.slice(0, 20)], ["repeated rows"]],
  ["text that is no URL", [...fit, { label: 1, url: "call us today", source: "x" }], ["not URLs"]],
])("checkRows() finds %s", (_, rows, checks) => {
  expect(checkRows(rows).map((finding) => finding.check)).toEqual([...checks]);
});

const fewer = fit.slice(0, 10);
test.each<[readonly Row[], string]>([
  [[...fewer, { label: 0, url: fewer[0]?.url ?? "", source: "x" }], "1 URL has both labels"],
  [[...fewer, ...fewer.slice(0, 1)], "1 row is repeated"],
  [[...fewer, ...fewer.slice(0, 2)], "2 rows are repeated"],
  [[...fewer, { label: 1, url: "call us today", source: "x" }], "1 row is no URL"],
])("checkRows() counts one as one: %#", (rows, message) => {
  expect(checkRows(rows).map((finding) => finding.message)).toEqual([message]);
});

test("checkDisjoint() finds sites that are learnt from and measured on", () => {
  expect(checkDisjoint(1000, { test: 1, holdout: 0 })).toEqual([]);
  expect(checkDisjoint(1000, { test: 50, holdout: 0 })).toEqual([
    { check: "disjoint sites", message: "50 of 1000 training rows are of sites of test" },
  ]);
});

const hasShared = existsSync(join(SHARED, "train.tsv.gz"));
if (!hasShared)
  console.warn(`checks/data.test.ts: skipped the shared data, ${SHARED} is not there`);

test.skipIf(!hasShared)(
  "the shared data is fit",
  async () => {
    const rows = await read(join(SHARED, "test.tsv.gz"));
    expect(checkOneBits(rows)).toEqual([]);
    expect(checkRows(rows)).toEqual([]);
    const survey = await countShared(SHARED, ".tsv.gz");
    expect(survey.rows).toBeGreaterThan(600_000);
    expect(checkDisjoint(survey.rows, survey.shared)).toEqual([]);
  },
  120_000,
);
