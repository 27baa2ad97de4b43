import { expect, test } from "bun:test";
import { join } from "node:path";
import { canonicalise, featurise } from "@hookline/lib-ml";
import { type Row, readRows } from "../dataset.ts";
import { buildOnnx } from "../export/build-onnx.ts";
import { quantise } from "../export/quantise.ts";
import { createScorer } from "../learn/scorer.ts";
import { train } from "../learn/train.ts";
import { runTraining } from "../pipeline.ts";
import { findDataFiles } from "../roles.ts";
import { decide, measureSet, ratesAt } from "./evaluate.ts";
import { type EvaluationSet, readEvaluationSet, scoreSet } from "./evaluation-set.ts";
import { createRandom } from "./random.ts";
import { openScorer } from "./score.ts";
import type { Scored } from "./scored.ts";
import { measureBand } from "./threshold.ts";

const DATA = join(import.meta.dirname, "../../testdata");

async function* rowsOf(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

const rows: readonly Row[] = Array.from({ length: 200 }, (_, at) => ({
  label: at % 2 === 0 ? 1 : 0,
  url: `site-${at % 50}.example/login/${at}`,
  source: at % 4 === 0 ? "feed-a" : "feed-b",
}));

function score(set: EvaluationSet, seed: number): Scored {
  const random = createRandom(seed);
  return {
    probability: Float64Array.from(set.rows, (row) => 0.3 * row.label + 0.7 * random()),
    label: Uint8Array.from(set.rows, (row) => row.label),
    domain: set.domain,
    domains: set.domains.length,
  };
}

test("readEvaluationSet() numbers sites and leaves out what is no URL", async () => {
  const odd: Row = { label: 1, url: "call us", source: "feed-a" };
  const set = await readEvaluationSet("test", rowsOf([...rows, odd]));
  expect([set.rows.length, set.domains.length, set.notUrls]).toEqual([200, 50, 1]);
  expect(set.domains[set.domain[60] ?? 0]).toBe("site-10.example");
  expect(set.length[0]).toBe("site-0.example/login/0".length);
});

test("readEvaluationSet() refuses rows of one class", async () => {
  const reading = readEvaluationSet("holdout", rowsOf(rows.filter((row) => row.label === 1)));
  await expect(reading).rejects.toThrow(
    "Cannot use the holdout data: both classes are needed, found 100 phishing and 0 legitimate rows",
  );
});

test("decide() freezes a threshold and a band that measureSet() then uses", async () => {
  const set = await readEvaluationSet("val", rowsOf(rows));
  const scored = score(set, 1);
  const decision = decide("val", scored);
  expect(decision.band.high).toBe(decision.threshold);
  expect(decision.prior).toBe(0.5);
  expect(ratesAt(scored, decision.threshold).fpr).toBeLessThanOrEqual(0.01);
  const report = measureSet(set, scored, decision, { seed: 1, replicates: 20 });
  expect(report.points[0]).toEqual({
    targetFpr: 0.01,
    threshold: decision.threshold,
    ...ratesAt(scored, decision.threshold),
  });
  expect(report.sure).toEqual(measureBand(scored, decision.band));
  expect(report.sure.coverage).toBeLessThan(1);
  const sources = report.sources.map(({ name, legitimate, phishing }) => [
    name,
    legitimate.rows,
    phishing.rows,
  ]);
  expect(sources).toEqual([
    ["feed-a", 0, 50],
    ["feed-b", 100, 50],
  ]);
  const login = report.slices.find((slice) => slice.name === "login or account path");
  const found = Math.round(report.metrics.frozenTpr.value * 100);
  expect(login?.phishing).toEqual({ rows: 100, flagged: found });
});

test("decide() keeps the band in order for a model that makes no mistake", async () => {
  const set = await readEvaluationSet("val", rowsOf(rows));
  const probability = Float64Array.from(set.rows, (row) => 0.1 + 0.8 * row.label);
  const { band } = decide("val", { ...score(set, 1), probability });
  expect(band).toEqual({ low: 0.100001, high: 0.100001 });
});

test("openScorer() gives each URL its own answer, whatever is scored beside it", async () => {
  const files = await findDataFiles([DATA]);
  const run = await runTraining({
    kind: "wide-bag",
    files,
    excludeSources: [],
    seeds: [1],
    replicates: 1,
  });
  const scorer = await openScorer(run.model);
  try {
    const set = await readEvaluationSet("train", readRows(files.train));
    const urls = set.rows.map((row) => row.url);
    const together = await scorer.score([...urls, "not a url", ...urls]);
    expect(together[urls.length]).toBeUndefined();
    expect(together.slice(urls.length + 1)).toEqual(together.slice(0, urls.length));
    for (const at of [0, 17, 101]) {
      expect(await scorer.score([urls[at] ?? ""])).toEqual([together[at]]);
    }
    expect([...(await scoreSet(set, scorer)).probability]).toEqual(
      together.slice(0, urls.length).map((p) => p ?? Number.NaN),
    );
  } finally {
    await scorer.close();
  }
}, 120_000);

test("openScorer() gives what the trained weights give", async () => {
  const files = await findDataFiles([DATA]);
  const weights = quantise(await train("linear", () => readRows(files.train), { seed: 1 }));
  const scorer = await openScorer(buildOnnx(weights, { a: 1.5, b: -0.25 }));
  try {
    const urls = rows.slice(0, 20).map((row) => row.url);
    const logit = createScorer(weights);
    const expected = urls.map((url) => {
      const canonical = canonicalise(url);
      if (canonical === undefined) throw new Error(`${url} is no URL`);
      return 1 / (1 + Math.exp(-(1.5 * logit(featurise(canonical)) - 0.25)));
    });
    const given = await scorer.score(urls);
    for (const [at, p] of given.entries()) expect(p).toBeCloseTo(expected[at] ?? Number.NaN, 5);
  } finally {
    await scorer.close();
  }
}, 120_000);

test("openScorer() refuses bytes that are no model", async () => {
  await expect(openScorer(new Uint8Array([1, 2, 3]))).rejects.toThrow("Cannot open the model");
});
