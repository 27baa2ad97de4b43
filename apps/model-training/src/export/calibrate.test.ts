import { expect, test } from "bun:test";
import { sigmoid } from "../learn/learner.ts";
import { createRandom } from "../learn/random.ts";
import { calibrate } from "./calibrate.ts";

function draw(count: number, a: number, b: number) {
  const random = createRandom(3);
  const logits = Float64Array.from({ length: count }, () => 8 * random() - 4);
  return {
    logits,
    labels: Uint8Array.from(logits, (x) => (random() < sigmoid(a * x + b) ? 1 : 0)),
  };
}

test.each([
  [1, 0],
  [0.5, 1],
  [2, -0.5],
])("calibrate() finds the %d and %d that labels were drawn with", (a, b) => {
  const { logits, labels } = draw(50_000, a, b);
  const found = calibrate(logits, labels);
  expect(Math.abs(found.a - a)).toBeLessThan(0.05);
  expect(Math.abs(found.b - b)).toBeLessThan(0.05);
});

test("calibrate() stays finite when a threshold separates the labels", () => {
  const { a, b } = calibrate(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(0, 0, 1, 1));
  expect(a).toBeWithin(0.1, 100);
  expect(Math.abs(b)).toBeLessThan(1);
});

test.each<[string, readonly number[], readonly (0 | 1)[], number]>([
  ["sure of every row", [-20, -20, 20, 20], [0, 0, 1, 1], 0.75],
  ["sure, and often wrong", [-9, -9, -9, -9, 9, 9, 9, 9], [0, 0, 0, 1, 1, 1, 1, 0], 4 / 6],
  ["far off", [39, 39, 40, 40], [0, 0, 1, 1], 0.75],
])("calibrate() of a model that is %s says how often it is right", (_, logits, labels, high) => {
  const { a, b } = calibrate(Float64Array.from(logits), Uint8Array.from(labels));
  expect(sigmoid(a * Number(logits.at(-1)) + b)).toBeCloseTo(high, 6);
  expect(sigmoid(a * Number(logits[0]) + b)).toBeCloseTo(1 - high, 6);
});

test("calibrate() of rows of one label alone is that label, short of being sure", () => {
  const { a, b } = calibrate(Float64Array.of(-3, 0, 8), Uint8Array.of(1, 1, 1));
  for (const x of [-3, 0, 8]) expect(sigmoid(a * x + b)).toBeCloseTo(0.8, 6);
});
