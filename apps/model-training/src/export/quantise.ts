import type { Weights } from "../learn/weights.ts";

/** The largest int8 in use: symmetric, so that 0 stays 0. */
const MOST = 127;

/**
 * The same model with a table of int8: a quarter of the size. Each column has its own scale, its
 * largest number; clipping outliers instead moves probabilities by 0.4.
 */
export function quantise(weights: Weights): Weights {
  const width = 1 + weights.embed;
  const most = new Float32Array(width);
  weights.table.forEach((value, at) => {
    const column = at % width;
    most[column] = Math.max(most[column] ?? 0, Math.abs(value));
  });
  const columnScale = most.map(
    (value, column) => ((value || 1) / MOST) * (weights.columnScale[column] ?? 1),
  );
  const table = new Int8Array(weights.table.length);
  for (let at = 0; at < table.length; at += 1) {
    const column = at % width;
    table[at] = Math.round(((weights.table[at] ?? 0) * MOST) / (most[column] || 1));
  }
  return { ...weights, table, columnScale };
}
