import { describe, expect, test } from "bun:test";
import { findStep, readQuantile } from "./histogram.ts";

const STEPS = { edges: [-1, 0, 1, 10] };

test.each([
  [-5, 0],
  [-1, 0],
  [0, 0],
  [0.001, 1],
  [1, 1],
  [1.5, 2],
  [10, 2],
  [99, 2],
])("findStep() of %p is %p", (value, step) => {
  expect(findStep(STEPS, value)).toBe(step);
});

describe("readQuantile()", () => {
  test.each([
    ["nothing", [0, 0, 0], 0.5, undefined],
    ["the middle of one step", [0, 4, 0], 0.5, 0.5],
    ["the end of a step", [2, 2, 0], 0.5, 0],
    ["behind an empty step", [2, 0, 2], 0.75, 5.5],
    ["the least", [0, 4, 0], 0, 0],
    ["the most", [0, 0, 4], 1, 10],
  ])("of %s", (_, counts, share, quantile) => {
    expect(readQuantile(STEPS, { counts: Float64Array.from(counts), share })).toBe(quantile);
  });

  test("is right within a step's width for numbers of known quantiles", () => {
    const edges = Array.from({ length: 101 }, (_, i) => i);
    const counts = new Float64Array(100);
    for (let i = 0; i < 10_000; i++) {
      const step = findStep({ edges }, (100 * (i + 0.5)) / 10_000);
      counts[step] = Number(counts[step]) + 1;
    }
    for (const share of [0.05, 0.5, 0.95]) {
      expect(readQuantile({ edges }, { counts, share })).toBeCloseTo(100 * share, 1);
    }
  });
});
