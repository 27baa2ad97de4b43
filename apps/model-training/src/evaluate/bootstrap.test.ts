import { expect, test } from "bun:test";
import { estimateDifference, estimateMetrics, quantile } from "./bootstrap.ts";
import { createRandom } from "./random.ts";
import { rank, type Scored } from "./scored.ts";

/** `perDomain` equal rows for each of `domains` domains, right nine times in ten. */
function build(domains: number, perDomain: number, seed: number, lift = 0): Scored {
  const random = createRandom(seed);
  const rows = Array.from({ length: domains }, (_, domain) => {
    const label = random() < 0.5 ? 1 : 0;
    const right = random() < 0.9;
    const p = random() * 0.5 + (right === (label === 1) ? 0.5 : 0);
    return { domain, label, p: Math.min(1, Math.max(0, p + (label === 1 ? lift : -lift))) };
  }).flatMap((row) => new Array<typeof row>(perDomain).fill(row));
  return {
    probability: Float64Array.from(rows, (row) => row.p),
    label: Uint8Array.from(rows, (row) => row.label),
    domain: Int32Array.from(rows, (row) => row.domain),
    domains,
  };
}

test("estimateMetrics() gives the interval that the binomial law expects", () => {
  const options = { threshold: 0.5, seed: 1, replicates: 2000 };
  const { accuracy } = estimateMetrics(rank(build(2000, 1, 1)), options);
  const half = 1.96 * Math.sqrt((accuracy.value * (1 - accuracy.value)) / 2000);
  // At 90 % an end would be nearer by a sixth.
  expect(accuracy.value - accuracy.low).toBeWithin(half * 0.9, half * 1.1);
  expect(accuracy.high - accuracy.value).toBeWithin(half * 0.9, half * 1.1);
});

test.each([7, 8, 9])(
  "estimateMetrics() gives a small calibration error in its own interval, seed %i",
  (seed) => {
    const random = createRandom(seed);
    const probability = Float64Array.from({ length: 3000 }, random);
    const label = Uint8Array.from(probability, (p) => (random() < p ? 1 : 0));
    const domain = Int32Array.from(probability.keys());
    const ranked = rank({ probability, label, domain, domains: 3000 });
    const { ece } = estimateMetrics(ranked, { threshold: 0.5, seed: 1 });
    expect(ece.value).toBeWithin(ece.low, ece.high);
    expect(ece.low).toBeGreaterThanOrEqual(0);
  },
);

test("estimateMetrics() does not take more rows of the same domains for more evidence", () => {
  const width = (perDomain: number) => {
    const options = { threshold: 0.5, seed: 1 };
    const { accuracy } = estimateMetrics(rank(build(400, perDomain, 2)), options);
    return accuracy.high - accuracy.low;
  };
  expect(width(10)).toBeCloseTo(width(1), 6);
});

test("estimateMetrics() gives the same figures for the same seed and others for another", () => {
  const ranked = rank(build(300, 2, 3));
  const of = (seed: number) => estimateMetrics(ranked, { threshold: 0.5, seed, replicates: 50 });
  expect(of(5)).toEqual(of(5));
  expect(of(5).accuracy.low).not.toBe(of(6).accuracy.low);
});

test("estimateDifference() is far surer of a paired difference than the two intervals are", () => {
  const a = { ranked: rank(build(1500, 1, 4)), threshold: 0.5 };
  const b = { ranked: rank(build(1500, 1, 4, 0.02)), threshold: 0.5 };
  const { brier } = estimateDifference(a, b, { seed: 1 });
  const alone = estimateMetrics(a.ranked, { threshold: 0.5, seed: 1 }).brier;
  expect(brier.high).toBeLessThan(0);
  expect(brier.high - brier.low).toBeLessThan((alone.high - alone.low) / 3);
  const same = estimateDifference(a, a, { seed: 1 }).auc;
  expect(same).toEqual({ value: 0, low: 0, high: 0 });
});

test("estimateDifference() refuses models that were scored on different rows", () => {
  const a = { ranked: rank(build(10, 1, 1)), threshold: 0.5 };
  const b = { ranked: rank(build(11, 1, 1)), threshold: 0.5 };
  expect(() => estimateDifference(a, b, { seed: 1 })).toThrow("scored on different rows");
});

test("quantile() is linear between neighbours", () => {
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
  expect(quantile([0, 10], 0.025)).toBeCloseTo(0.25, 12);
  expect(quantile([], 0.5)).toBeNaN();
});
