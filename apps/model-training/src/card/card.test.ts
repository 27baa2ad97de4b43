import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTraining } from "../pipeline.ts";
import { findDataFiles } from "../roles.ts";
import { buildCard, type Run } from "./build-card.ts";
import { Card, readCard } from "./card.ts";
import { CARD } from "./fixtures.ts";
import { readLicences } from "./licences.ts";
import { renderModelCard } from "./markdown.ts";
import { renderReliability, renderRoc, renderScores } from "./pictures.ts";
import { renderTable } from "./table.ts";
import { placeModel, writeModel } from "./write-model.ts";

const DATA = join(import.meta.dirname, "../../testdata");
const context = {
  created: new Date("2026-11-23T12:00:00Z"),
  trainer: { name: "@hookline/model-training", version: "0.1.0", revision: "unknown" },
  licenceOf: (source: string) => `licence of ${source}`,
};
let folder = "";
let run: Run;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-card-"));
  const files = await findDataFiles([DATA]);
  const excludeSources = ["closed-feed"];
  run = await runTraining({ kind: "linear", files, excludeSources, seeds: [1], replicates: 20 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

test("buildCard() describes the run", () => {
  const card = buildCard(run, { ...context, twin: run });
  expect(Card.parse(card)).toEqual(card);
  expect(card.created).toBe("2026-11-23T12:00:00.000Z");
  expect(card.bytes).toBe(run.model.length);
  expect(card.unsure.high).toBe(card.threshold);
  expect(card.unsure.low).toBeLessThanOrEqual(card.threshold);
  expect(card.data.files.map((file) => file.role)).toEqual(["train", "val", "test", "holdout"]);
  const closed = card.data.sources.filter((source) => source.name === "closed-feed");
  expect(closed.map(({ used, licence }) => [used, licence])).toEqual([
    [false, "licence of closed-feed"],
  ]);
  const { frozenTpr, frozenFpr } = card.metrics.test;
  const precision = (0.01 * frozenTpr.value) / (0.01 * frozenTpr.value + 0.99 * frozenFpr.value);
  expect(card.precisionAt[0]?.precision).toBeCloseTo(precision, 4);
  const sum = (shares: readonly number[]) => shares.reduce((a, b) => a + b, 0);
  expect(sum(card.drift.probability.shares)).toBeCloseTo(1, 4);
  expect(sum(card.drift.length.shares)).toBeCloseTo(1, 4);
});

test("buildCard() refuses a figure that is no number", () => {
  const { test: report } = run.reports;
  const auc = { value: Number.NaN, low: 0, high: 1 };
  const broken = { ...report, metrics: { ...report.metrics, auc } };
  const reports = { ...run.reports, test: broken };
  expect(() => buildCard({ ...run, reports }, context)).toThrow("auc");
});

test("readCard() reads what writeModel() wrote, and names what is wrong", async () => {
  const model = join(folder, "model");
  const card = await writeModel(model, run, context);
  expect(await readCard(model)).toEqual(card);
  const path = join(model, "card.json");
  await writeFile(path, JSON.stringify({ ...card, threshold: "high" }));
  await expect(readCard(model)).rejects.toThrow(`Cannot read "${path}": threshold: `);
  await writeFile(path, "{");
  await expect(readCard(model)).rejects.toThrow("it is not JSON");
  await expect(readCard(folder)).rejects.toThrow("it has no card.json");
});

test("placeModel() replaces a model and leaves other things alone", async () => {
  const target = join(folder, "place", "v1");
  for (const mark of ["first", "second"]) {
    const finished = join(folder, `finished-${mark}`);
    await mkdir(finished);
    await writeFile(join(finished, "card.json"), mark);
    await placeModel(finished, target);
    expect(await Bun.file(join(target, "card.json")).text()).toBe(mark);
  }
  expect(await readdir(join(folder, "place"))).toEqual(["v1"]);
  expect((await readdir(folder)).filter((name) => name.startsWith("finished"))).toEqual([]);
  const file = join(folder, "a-file");
  await writeFile(file, "x");
  await expect(placeModel(join(folder, "model"), file)).rejects.toThrow("it is not a folder");
});

test("renderModelCard() names every source with licence and use, and shows the twin beside", () => {
  const text = renderModelCard(CARD);
  expect(text).toContain("| closed-feed | phishing | 900 | no \\| commerce | **no** |");
  expect(text).toContain("| open-feed | phishing | 2,500 | MIT | yes |");
  expect(text).toContain(
    "|  | this model, test | twin, test | this model, holdout | twin, holdout |",
  );
  expect(text).toContain("| accuracy at 0.5 | 94.0 (93.0–95.0) |");
  expect(text).toContain("without closed-feed, whose licences forbid commercial use");
  expect(text).toContain("it is not shipped. Its seed, 1, was chosen in the same way.");
  expect(text).toContain("| login or account path | 6.0 % of 200 | 90.0 % of 300 |");
  expect(text).toContain("| punycode host | – | 14.3 % of 7 |");
  expect(text).toContain("login or account path 6.0 % (200 rows)");
  expect(text).not.toMatch(/NaN|undefined|\[object/);
});

test("renderModelCard() does without holdout and twin", () => {
  const { val, test: figures } = CARD.metrics;
  const text = renderModelCard({ ...CARD, metrics: { val, test: figures } });
  expect(text).toContain("|  | this model, test |\n");
  expect(text).not.toContain("twin");
});

test("renderTable() sets text to the left and numbers to the right", () => {
  expect(renderTable(["a", "b", "c"], [["1", "2", "x|y"]], { text: [2] })).toBe(
    "| a | b | c |\n| --- | ---: | --- |\n| 1 | 2 | x\\|y |",
  );
});

/** Throws when tags do not close in order; gives the names of all elements. */
function readElements(svg: string): Set<string> {
  const open: string[] = [];
  const names = new Set<string>();
  for (const [, end, name = "", closed] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    names.add(name);
    if (closed === "/") continue;
    if (end === "") open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
  }
  if (open.length > 0) throw new Error(`<${open.join("> <")}> are not closed`);
  return names;
}

test.each<[string, (run: Run) => string, string]>([
  ["roc", ({ reports }) => renderRoc([reports.test, reports.val]), "found at 1 % false alarms"],
  ["reliability", ({ reports }) => renderReliability([reports.test]), "off by"],
  [
    "scores",
    ({ reports, decision }) => renderScores(reports.test, decision),
    "the answer is legitimate",
  ],
])("the picture %s is whole, says in words what it shows, and runs nothing", (_, render, words) => {
  const svg = render(run);
  const names = readElements(svg);
  expect(
    [...names].filter((name) => ["script", "image", "a", "foreignobject"].includes(name)),
  ).toEqual([]);
  expect(svg).not.toMatch(
    /NaN|Infinity|undefined|\son[a-z]+=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/,
  );
  expect(/<desc[^>]*>([^<]*)/.exec(svg)?.[1]).toContain(words);
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("readLicences() knows the sources of the shared data and says so when it does not", async () => {
  const licenceOf = await readLicences();
  expect(licenceOf("citizenlab")).toBe("CC BY-NC-SA 4.0");
  expect(licenceOf("hn_history")).toBe("none stated");
  expect(licenceOf("someone's list")).toBe("not known");
});
