import { expect, test } from "bun:test";
import type { Weights } from "../learn/weights.ts";
import { quantise } from "./quantise.ts";

function weightsOf(table: readonly number[], embeddings: readonly number[]): Weights {
  const none = new Float32Array(0);
  return {
    kind: "wide-bag",
    embed: 1,
    bags: 1,
    hidden: 0,
    table: Float32Array.from(table),
    embeddings: Float32Array.from(embeddings),
    columnScale: Float32Array.of(1, 1),
    hiddenWeights: none,
    hiddenBias: none,
    outputWeights: none,
    bias: 0,
  };
}

test.each([
  [
    "scales weights and embeddings by their largest number",
    [127, -63.5, 0],
    [0.5, -1, 0],
    [127, -63, 0],
    [64, -127, 0],
    [1, 1 / 127],
  ],
  ["clips no outlier", [1000, 1, 0], [1, 1, 0], [127, 0, 0], [127, 127, 0], [1000 / 127, 1 / 127]],
  ["takes a table of zeros", [0, 0, 0], [1, 1, 0], [0, 0, 0], [127, 127, 0], [1 / 127, 1 / 127]],
] as const)("quantise() %s", (_, table, embeddings, weights, columns, scales) => {
  const small = quantise(weightsOf(table, embeddings));
  expect(small.table).toBeInstanceOf(Int8Array);
  expect(small.embeddings).toBeInstanceOf(Int8Array);
  expect([[...small.table], [...small.embeddings]]).toEqual([[...weights], [...columns]]);
  for (const [column, scale] of scales.entries()) {
    expect(small.columnScale[column]).toBeCloseTo(scale, 5);
  }
});
