import { expect, test } from "bun:test";
import { buildHistogram, LENGTH_EDGES, PROBABILITY_EDGES, stabilityIndex } from "./drift.ts";

test("buildHistogram() gives shares of steps that are closed below and open above", () => {
  const edges = [0, 1, 2, 5];
  expect(buildHistogram([0, 0.5, 1, 4.9], edges)).toEqual({ edges, shares: [0.5, 0.25, 0.25] });
});

test.each([
  ["below the first edge", -3, [1, 0]],
  ["at the last edge", 1, [0, 1]],
  ["above the last edge", 99, [0, 1]],
])("buildHistogram() counts what lies %s", (_, value, shares) => {
  expect(buildHistogram([value], [0, 0.5, 1]).shares).toEqual(shares);
});

test("buildHistogram() of nothing has shares of 0", () => {
  expect(buildHistogram([], [0, 1]).shares).toEqual([0]);
});

test("the edges rise and hold every probability and length", () => {
  for (const edges of [PROBABILITY_EDGES, LENGTH_EDGES]) {
    expect([...edges]).toEqual([...edges].sort((a, b) => a - b));
    expect(new Set(edges).size).toBe(edges.length);
  }
  expect([PROBABILITY_EDGES[0], PROBABILITY_EDGES.at(-1), LENGTH_EDGES.at(-1)]).toEqual([
    0, 1, 2048,
  ]);
});

test("stabilityIndex() is 0 for the same shares and grows with the difference", () => {
  const edges = [0, 0.5, 1];
  const even = { edges, shares: [0.5, 0.5] };
  expect(stabilityIndex(even, even)).toBe(0);
  const expected = (0.8 - 0.5) * Math.log(0.8 / 0.5) + (0.2 - 0.5) * Math.log(0.2 / 0.5);
  expect(stabilityIndex(even, { edges, shares: [0.8, 0.2] })).toBeCloseTo(expected, 12);
  expect(stabilityIndex(even, { edges, shares: [1, 0] })).toBeGreaterThan(1);
  expect(() => stabilityIndex(even, { edges: [0, 1, 2], shares: [0, 1] })).toThrow(RangeError);
});
