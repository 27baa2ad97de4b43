import { expect, test } from "bun:test";
import { computeMetrics, type Metrics } from "./metrics.ts";
import { createRandom } from "./random.ts";
import { CALIBRATION_BINS, rank, type Scored } from "./scored.ts";

/** Rows as [probability, label, domain]. */
type Triple = readonly [number, 0 | 1, number?];

function scored(rows: readonly Triple[]): Scored {
  return {
    probability: Float64Array.from(rows, ([p]) => p),
    label: Uint8Array.from(rows, ([, label]) => label),
    domain: Int32Array.from(rows, ([, , domain], at) => domain ?? at),
    domains: Math.max(...rows.map(([, , domain], at) => domain ?? at)) + 1,
  };
}

const FOUR: readonly Triple[] = [
  [0.9, 1],
  [0.7, 0],
  [0.6, 1],
  [0.2, 0],
];

// By hand: at 0.5 three are called phishing, two of them rightly; pairs 0.9>0.7, 0.9>0.2, 0.6>0.2
// of four are in order; no threshold finds 0.6 without stopping 0.7.
test.each<[keyof Metrics, number]>([
  ["accuracy", 3 / 4],
  ["f1", 4 / 5],
  ["auc", 3 / 4],
  ["tprAtFpr1", 1 / 2],
  ["tprAtFpr01", 1 / 2],
  ["logLoss", -(Math.log(0.9) + Math.log(0.3) + Math.log(0.6) + Math.log(0.8)) / 4],
  ["brier", (0.01 + 0.49 + 0.16 + 0.04) / 4],
  ["ece", (0.1 + 0.7 + 0.4 + 0.2) / 4],
  ["frozenFpr", 0],
  ["frozenTpr", 1 / 2],
  ["frozenAccuracy", 3 / 4],
  ["frozenF1", 2 / 3],
])("computeMetrics() gives %s as worked out by hand", (name, expected) => {
  const metrics = computeMetrics(rank(scored(FOUR)), { threshold: 0.9 });
  expect(metrics[name]).toBeCloseTo(expected, 12);
});

/** The definitions word for word, in time that grows with the square of the rows. */
function bruteForce(rows: readonly Triple[], threshold: number): Metrics {
  const of = (label: 0 | 1) => rows.filter((row) => row[1] === label).map(([p]) => p);
  const [legitimate, phishing] = [of(0), of(1)];
  const share = (values: readonly number[], least: number) =>
    values.filter((p) => p >= least).length / values.length;
  const thresholds = [...new Set(rows.map(([p]) => p)), Number.POSITIVE_INFINITY];
  const best = (most: number) =>
    Math.max(
      ...thresholds.filter((t) => share(legitimate, t) <= most).map((t) => share(phishing, t)),
    );
  const pairs = phishing.flatMap((p) => legitimate.map((q) => (p > q ? 1 : p === q ? 0.5 : 0)));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const at = (t: number) => {
    const found = phishing.filter((p) => p >= t).length;
    const alarms = legitimate.filter((p) => p >= t).length;
    const missed = phishing.length - found;
    return {
      accuracy: (found + legitimate.length - alarms) / rows.length,
      f1: (2 * found) / (2 * found + alarms + missed),
    };
  };
  const binOf = (p: number) => Math.min(CALIBRATION_BINS - 1, Math.floor(p * CALIBRATION_BINS));
  let ece = 0;
  for (let bin = 0; bin < CALIBRATION_BINS; bin += 1) {
    const inside = rows.filter(([p]) => binOf(p) === bin);
    if (inside.length === 0) continue;
    const gap = mean(inside.map(([p]) => p)) - mean(inside.map(([, y]) => y));
    ece += (Math.abs(gap) * inside.length) / rows.length;
  }
  return {
    ...at(0.5),
    auc: mean(pairs),
    tprAtFpr1: best(0.01),
    tprAtFpr01: best(0.001),
    logLoss: mean(rows.map(([p, y]) => -Math.log(y === 1 ? p : 1 - p))),
    brier: mean(rows.map(([p, y]) => (p - y) ** 2)),
    ece,
    frozenFpr: share(legitimate, threshold),
    frozenTpr: share(phishing, threshold),
    frozenAccuracy: at(threshold).accuracy,
    frozenF1: at(threshold).f1,
  };
}

/** Rows with many equal probabilities, better than chance. */
function randomRows(count: number, seed: number): Triple[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (): Triple => {
    const label = random() < 0.4 ? 1 : 0;
    const p = Math.round((random() * 0.7 + label * 0.28 + 0.01) * 200) / 200;
    return [p, label, Math.floor(random() * (count / 3))];
  });
}

test.each([1, 2, 3, 4, 5])("computeMetrics() agrees with the definitions on seed %d", (seed) => {
  const rows = randomRows(700, seed);
  const fast = computeMetrics(rank(scored(rows)), { threshold: 0.8 });
  const slow = bruteForce(rows, 0.8);
  for (const name of Object.keys(slow) as (keyof Metrics)[]) {
    expect([name, fast[name]]).toEqual([name, expect.closeTo(slow[name], 10)]);
  }
});

test("computeMetrics() under weights equals metrics of repeated rows", () => {
  const rows = randomRows(300, 7);
  const random = createRandom(8);
  const domainWeights = Array.from({ length: 101 }, () => Math.floor(random() * 4));
  const repeated = rows.flatMap((row) =>
    new Array<Triple>(domainWeights[row[2] ?? 0] ?? 0).fill(row),
  );
  const weighted = computeMetrics(rank(scored(rows)), { threshold: 0.6, domainWeights });
  const expected = bruteForce(repeated, 0.6);
  for (const name of Object.keys(expected) as (keyof Metrics)[]) {
    expect([name, weighted[name]]).toEqual([name, expect.closeTo(expected[name], 10)]);
  }
});

test("computeMetrics() does not depend on the order of the rows", () => {
  const rows = randomRows(200, 3);
  const forwards = computeMetrics(rank(scored(rows)), { threshold: 0.7 });
  const backwards = computeMetrics(rank(scored(rows.toReversed())), { threshold: 0.7 });
  for (const name of Object.keys(forwards) as (keyof Metrics)[]) {
    expect([name, backwards[name]]).toEqual([name, expect.closeTo(forwards[name], 12)]);
  }
});

test("computeMetrics() says NaN of what needs the class that is missing", () => {
  const metrics = computeMetrics(
    rank(
      scored([
        [0.9, 1],
        [0.8, 1],
      ]),
    ),
    { threshold: 0.5 },
  );
  expect(metrics.auc).toBeNaN();
  expect(metrics.frozenFpr).toBeNaN();
  expect(metrics.accuracy).toBe(1);
});

test("computeMetrics() keeps the log loss finite for a sure and wrong model", () => {
  const metrics = computeMetrics(
    rank(
      scored([
        [1, 0],
        [0, 1],
      ]),
    ),
    { threshold: 0.5 },
  );
  expect(metrics.logLoss).toBeCloseTo(-Math.log(1e-7), 6);
});
