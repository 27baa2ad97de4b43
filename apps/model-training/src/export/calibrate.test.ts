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
