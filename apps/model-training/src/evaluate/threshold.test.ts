import { expect, test } from "bun:test";
import { createRandom } from "./random.ts";
import type { Scored } from "./scored.ts";
import { chooseLow, chooseThreshold, measureBand, precisionAt } from "./threshold.ts";

type Triple = readonly [number, 0 | 1, number];

function scored(rows: readonly Triple[]): Scored {
  return {
    probability: Float64Array.from(rows, ([p]) => p),
    label: Uint8Array.from(rows, ([, label]) => label),
    domain: Int32Array.from(rows, ([, , domain]) => domain),
    domains: Math.max(...rows.map(([, , domain]) => domain)) + 1,
  };
}

/** 100 legitimate sites at 0.00, 0.01, … 0.99 and as many phishing sites at the same. */
const even = Array.from({ length: 100 }, (_, i): Triple[] => [
  [i / 100, 0, i],
  [i / 100, 1, 100 + i],
]).flat();

test.each<[string, readonly Triple[], number, number]>([
  ["lets one of a hundred through", even, 0.01, 0.980001],
  ["lets none through", even, 0.001, 0.990001],
  ["lets ten through", even, 0.1, 0.890001],
  ["counts equal probabilities together", [...even, [0.99, 0, 200]], 0.01, 0.990001],
  ["takes everything when all may pass", even, 1, 0],
])("chooseThreshold() %s", (_, rows, targetFpr, expected) => {
  expect(chooseThreshold(scored(rows), { targetFpr, rowsPerDomain: 20 })).toBe(expected);
});

test("chooseThreshold() keeps the false alarms at the target and wastes little of it", () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 5000 }, (_, i): Triple => [random(), i % 2 === 0 ? 0 : 1, i]);
  const threshold = chooseThreshold(scored(rows), { targetFpr: 0.01, rowsPerDomain: 20 });
  const alarms = rows.filter(([p, label]) => label === 0 && p >= threshold).length;
  expect(alarms).toBe(25);
});

test("chooseThreshold() counts a domain as at most so many rows", () => {
  const big = Array.from({ length: 500 }, (): Triple => [0.995, 0, 200]);
  const options = { targetFpr: 0.17, rowsPerDomain: 20 };
  // The big site counts as 20 of 120 rows (16.7 %), not as 500 of 600 (83 %).
  expect(chooseThreshold(scored([...even, ...big]), options)).toBe(0.990001);
  const uncapped = { targetFpr: 0.17, rowsPerDomain: 500 };
  expect(chooseThreshold(scored([...even, ...big]), uncapped)).toBe(0.995001);
});

test.each<[string, number, number]>([
  ["two of a hundred", 0.02, 0.02],
  ["none", 0, 0],
  ["all", 1, 0],
])("chooseLow() leaves %s phishing rows below", (_, missRate, expected) => {
  expect(chooseLow(scored(even), { missRate, rowsPerDomain: 20 })).toBe(expected);
});

test("chooseThreshold() and chooseLow() refuse rows without their class", () => {
  const one = scored([[0.5, 1, 0]]);
  const zero = scored([[0.5, 0, 0]]);
  expect(() => chooseThreshold(one, { targetFpr: 0.01, rowsPerDomain: 20 })).toThrow(RangeError);
  expect(() => chooseLow(zero, { missRate: 0.02, rowsPerDomain: 20 })).toThrow(RangeError);
});

test("measureBand() counts what lies outside the band", () => {
  const rows: Triple[] = [
    [0.05, 0, 0],
    [0.1, 1, 1],
    // The lower end is inside, the upper end is not.
    [0.2, 1, 2],
    [0.6, 1, 3],
    [0.9, 1, 4],
    [0.95, 0, 5],
  ];
  expect(measureBand(scored(rows), { low: 0.2, high: 0.9 })).toEqual({
    coverage: 4 / 6,
    accuracy: 2 / 4,
  });
});

test("measureBand() calls nothing right when all lies inside the band", () => {
  const rows: Triple[] = [[0.5, 1, 0]];
  expect(measureBand(scored(rows), { low: 0.2, high: 0.9 })).toEqual({ coverage: 0, accuracy: 0 });
});

// model-and-performance §1.2: 85 % at 1 % is a precision of 46 % at 1 in 100 and 7.8 % at 1 in 1,000.
test.each([
  [0.01, 0.85, 0.01, 0.462],
  [0.001, 0.85, 0.01, 0.0784],
  [0.01, 0.65, 0.001, 0.868],
  [0.01, 0.65, 0, 1],
  [0.01, 0, 0, 0],
])("precisionAt() a base rate of %d with TPR %d and FPR %d is %d", (base, tpr, fpr, expected) => {
  expect(precisionAt(base, { tpr, fpr })).toBeCloseTo(expected, 3);
});
