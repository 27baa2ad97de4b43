import { expect, test } from "bun:test";
import { createAverage } from "./average.ts";
import type { Weights } from "./weights.ts";

function weightsOf(value: number): Weights {
  const one = Float32Array.of(value);
  return {
    kind: "linear",
    embed: 0,
    bags: 1,
    hidden: 0,
    table: one,
    embeddings: one,
    columnScale: Float32Array.of(1),
    hiddenWeights: one,
    hiddenBias: one,
    outputWeights: one,
    bias: value,
  };
}

test.each([
  [[4], 4],
  [[0, 1], 4 / 5],
  // After t snapshots each older one is worth (t − 1)/(t + 3) of what it was.
  [[0, 0, 1], 4 / 6],
  [[1, 0, 0], (1 / 5) * (2 / 6)],
  [[2, 2, 2, 2], 2],
])("createAverage() of %j is %d", (values, mean) => {
  const average = createAverage();
  for (const value of values) average.add(weightsOf(value));
  const { table, embeddings, bias, outputWeights } = average.weights();
  expect(bias).toBeCloseTo(mean, 12);
  expect(table[0]).toBeCloseTo(mean, 6);
  expect(embeddings[0]).toBeCloseTo(mean, 6);
  expect(outputWeights[0]).toBeCloseTo(mean, 6);
});

test("createAverage() leaves the snapshots as they are", () => {
  const first = weightsOf(1);
  const average = createAverage();
  average.add(first);
  average.add(weightsOf(2));
  expect([first.table[0], first.bias]).toEqual([1, 1]);
});

test("createAverage() refuses to average nothing", () => {
  expect(() => createAverage().weights()).toThrow(
    new RangeError("Cannot average weights: there are none"),
  );
});
