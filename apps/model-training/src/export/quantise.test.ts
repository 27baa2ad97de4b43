import { expect, test } from "bun:test";
import type { Weights } from "../learn/weights.ts";
import { quantise } from "./quantise.ts";

function weightsOf(table: readonly number[]): Weights {
  const none = new Float32Array(0);
  return {
    kind: "wide-bag",
    embed: 1,
    hidden: 0,
    table: Float32Array.from(table),
    columnScale: Float32Array.of(1, 1),
    hiddenWeights: none,
    hiddenBias: none,
    outputWeights: none,
    bias: 0,
  };
}

test.each([
  [
    "scales each column by its largest number",
    [127, 0.5, -63.5, -1, 0, 0],
    [127, 64, -63, -127, 0, 0],
    [1, 1 / 127],
  ],
  ["clips no outlier", [1000, 1, 1, 1, 0, 0], [127, 127, 0, 127, 0, 0], [1000 / 127, 1 / 127]],
  ["takes a column of zeros", [0, 1, 0, 1, 0, 0], [0, 127, 0, 127, 0, 0], [1 / 127, 1 / 127]],
] as const)("quantise() %s", (_, table, stored, scales) => {
  const { table: bytes, columnScale } = quantise(weightsOf(table));
  expect(bytes).toBeInstanceOf(Int8Array);
  expect([...bytes]).toEqual([...stored]);
  for (const [column, scale] of scales.entries()) {
    expect(columnScale[column]).toBeCloseTo(scale, 5);
  }
});
