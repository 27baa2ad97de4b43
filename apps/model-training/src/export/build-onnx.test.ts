import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { BAGS, canonicalise, type Features, featurise, silenceOnnxRuntime } from "@hookline/lib-ml";
import { InferenceSession } from "onnxruntime-node";
import { type Row, readRows } from "../dataset.ts";
import { buildFeeds, countBags } from "../evaluate/score.ts";
import { sigmoid } from "../learn/learner.ts";
import { streamRows, writeSample } from "../learn/sample.ts";
import { createScorer } from "../learn/scorer.ts";
import { train } from "../learn/train.ts";
import type { ModelKind, Weights } from "../learn/weights.ts";
import { buildOnnx } from "./build-onnx.ts";
import { type Calibration, calibrate } from "./calibrate.ts";
import { quantise } from "./quantise.ts";

const TIMEOUT_MS = 120_000;
const MOST_BYTES = 5_000_000;
const SHARED = "../shared/data/val.tsv.gz";
const hasShared = existsSync(SHARED);
if (!hasShared)
  console.warn(`skipped: int8 against float on real URLs, for "${SHARED}" is not there`);

function featuresOf(rows: readonly Row[]): readonly Features[] {
  return rows.flatMap(({ url }) => {
    const canonical = canonicalise(url);
    return canonical === undefined ? [] : [featurise(canonical)];
  });
}

async function open(bytes: Uint8Array): Promise<InferenceSession> {
  await silenceOnnxRuntime();
  return InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}

async function run(session: InferenceSession, bags: readonly Features[]) {
  const output = await session.run(buildFeeds(bags, countBags(session)));
  const read = (name: string) => Float32Array.from(output[name]?.data as Float32Array);
  return { probability: read("probability"), logit: read("logit") };
}

async function runAll(session: InferenceSession, bags: readonly Features[], size: number) {
  const logits: number[] = [];
  for (let at = 0; at < bags.length; at += size) {
    logits.push(...(await run(session, bags.slice(at, at + size))).logit);
  }
  return logits;
}

function mostDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))).reduce(
    (x, y) => Math.max(x, y),
    0,
  );
}

/** Accuracy at 0.5 and area under the ROC curve. */
function judge(logits: readonly number[], rows: readonly Row[]) {
  const right = logits.filter((logit, i) => logit > 0 === (rows[i]?.label === 1)).length;
  const order = logits
    .map((logit, i) => ({ logit, label: rows[i]?.label ?? 0 }))
    .sort((a, b) => a.logit - b.logit);
  let legitimate = 0;
  let below = 0;
  for (const { label } of order) {
    if (label === 0) legitimate += 1;
    else below += legitimate;
  }
  const auc = below / (legitimate * (order.length - legitimate));
  return { accuracy: right / logits.length, auc };
}

/** On a few thousand rows a row or two at the threshold may fall on either side. */
function expectSameMetrics(one: readonly number[], other: readonly number[], rows: readonly Row[]) {
  const most = 4 / rows.length;
  const [first, second] = [judge(one, rows), judge(other, rows)];
  expect(first.accuracy).toBeWithin(0.7, 1);
  expect(Math.abs(first.accuracy - second.accuracy)).toBeLessThanOrEqual(most);
  expect(Math.abs(first.auc - second.auc)).toBeLessThan(0.0005);
}

describe.each<ModelKind>(["linear", "wide-bag"])("the ONNX file of %s", (kind) => {
  const rows = writeSample(2500, 2);
  const bags = featuresOf(rows);
  let weights: Weights;
  let calibration: Calibration;
  let exact: InferenceSession;
  let small: InferenceSession;
  let bytes: Uint8Array;

  beforeAll(async () => {
    const sample = writeSample(3000, 1);
    weights = await train(kind, () => streamRows(sample), { seed: 1 });
    calibration = calibrate(
      Float64Array.from(bags, createScorer(weights)),
      Uint8Array.from(rows, ({ label }) => label),
    );
    bytes = buildOnnx(quantise(weights), calibration);
    exact = await open(buildOnnx(weights, calibration));
    small = await open(bytes);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all([exact.release(), small.release()]);
  });

  const expected = (model: Weights) => {
    const score = createScorer(model);
    return bags.map((bag) => sigmoid(calibration.a * score(bag) + calibration.b));
  };

  test(
    "gives the probabilities of the trained weights to 1e-5",
    async () => {
      const given: number[] = [];
      for (let at = 0; at < bags.length; at += 32)
        given.push(...(await run(exact, bags.slice(at, at + 32))).probability);
      expect(mostDifference(given, expected(weights))).toBeLessThanOrEqual(1e-5);
    },
    TIMEOUT_MS,
  );

  test(
    "gives nearly the same as int8, at equal metrics",
    async () => {
      const float = await runAll(exact, bags, 32);
      const int8 = await runAll(small, bags, 32);
      expect(mostDifference(int8.map(sigmoid), expected(quantise(weights)))).toBeLessThanOrEqual(
        1e-5,
      );
      expect(mostDifference(int8.map(sigmoid), float.map(sigmoid))).toBeLessThanOrEqual(0.03);
      expect(mostDifference(int8, float)).toBeGreaterThan(0);
      expectSameMetrics(int8, float, rows);
    },
    TIMEOUT_MS,
  );

  test(
    "gives the same bits whatever else is in the batch",
    async () => {
      const alone = await runAll(small, bags, 1);
      for (const size of [2, 7, 32, 128]) expect(await runAll(small, bags, size)).toEqual(alone);
      const shuffled = bags.map((_, i) => (i * 37) % bags.length);
      const mixed = await runAll(
        small,
        shuffled.map((i) => bags[i]).filter((bag) => bag !== undefined),
        32,
      );
      expect(mixed).toEqual(shuffled.map((i) => alone[i] ?? Number.NaN));
    },
    TIMEOUT_MS,
  );

  test("is small", () => {
    expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES);
  });

  test("gives an empty bag the logit of no feature at all", async () => {
    const nothing = { ids: new Int32Array(0), ends: new Int32Array(BAGS), scale: 1 };
    const { logit } = await run(small, [nothing]);
    const none = createScorer(weights)(nothing);
    expect(logit[0]).toBeCloseTo(calibration.a * none + calibration.b, 4);
  });

  test.skipIf(!hasShared)(
    "keeps its metrics as int8 on real URLs",
    async () => {
      const real: Row[] = [];
      for await (const row of readRows([SHARED])) {
        if (canonicalise(row.url) !== undefined) real.push(row);
        if (real.length === 16_000) break;
      }
      const model = await train(kind, () => streamRows(real.slice(4000)), { seed: 1 });
      const held = real.slice(0, 4000);
      const scored = [model, quantise(model)].map((one) => featuresOf(held).map(createScorer(one)));
      const [float = [], int8 = []] = scored;
      expect(mostDifference(int8.map(sigmoid), float.map(sigmoid))).toBeLessThanOrEqual(0.03);
      expectSameMetrics(int8, float, held);
    },
    TIMEOUT_MS,
  );
});
