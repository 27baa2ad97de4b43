import { EMBEDDINGS, type Features, ROWS_PER_EMBEDDING } from "@hookline/lib-ml";
import { BAG_WIDTH, type Bags, EMBED } from "./network.ts";

// A row of the training table: embedding and a sum of squared gradients.
const STRIDE = EMBED + 1;
const RATE = 0.2;
// Small, so that a row seen for the first time takes a long step.
const FIRST_SQUARE = 0.0005;
const SHIFT = Math.log2(ROWS_PER_EMBEDDING);

/** The table that training moves. Embeddings start at zero, so that one never seen adds nothing. */
export function createEmbeddings(): Float32Array {
  const rows = new Float32Array(STRIDE * EMBEDDINGS);
  for (let row = 0; row < EMBEDDINGS; row += 1) rows[row * STRIDE + EMBED] = FIRST_SQUARE;
  return rows;
}

/** The table of the model: without the sums, with the zero row at its end. */
export function readEmbeddings(rows: Float32Array): Float32Array {
  const table = new Float32Array((EMBEDDINGS + 1) * EMBED);
  for (let row = 0; row < EMBEDDINGS; row += 1) {
    table.set(rows.subarray(row * STRIDE, row * STRIDE + EMBED), row * EMBED);
  }
  return table;
}

/**
 * The scaled sums of the embeddings of each bag, into `z` behind the bag's linear weight, and which
 * bags have rows. Sums by name: an array of them takes twice as long.
 */
export function sumEmbeddings(
  rows: Float32Array,
  { ids, ends, scale }: Features,
  bags: Bags,
): void {
  const { z, filled } = bags;
  let i = 0;
  let count = 0;
  for (let bag = 0; bag < ends.length; bag += 1) {
    const end = ends[bag] ?? 0;
    if (i === end) continue;
    let [z1, z2, z3, z4, z5, z6, z7, z8] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (; i < end; i += 1) {
      const at = ((ids[i] ?? 0) >> SHIFT) * STRIDE;
      z1 += rows[at] ?? 0;
      z2 += rows[at + 1] ?? 0;
      z3 += rows[at + 2] ?? 0;
      z4 += rows[at + 3] ?? 0;
      z5 += rows[at + 4] ?? 0;
      z6 += rows[at + 5] ?? 0;
      z7 += rows[at + 6] ?? 0;
      z8 += rows[at + 7] ?? 0;
    }
    const at = bag * BAG_WIDTH;
    z[at + 1] = z1 * scale;
    z[at + 2] = z2 * scale;
    z[at + 3] = z3 * scale;
    z[at + 4] = z4 * scale;
    z[at + 5] = z5 * scale;
    z[at + 6] = z6 * scale;
    z[at + 7] = z7 * scale;
    z[at + 8] = z8 * scale;
    filled[count] = at;
    count += 1;
  }
  bags.count = count;
}

/** Moves the embeddings of the rows by the gradient of z. */
export function stepEmbeddings(
  rows: Float32Array,
  { ids, ends, scale }: Features,
  back: Float64Array,
): void {
  const rate = RATE * scale;
  let i = 0;
  for (let bag = 0; bag < ends.length; bag += 1) {
    const end = ends[bag] ?? 0;
    const from = bag * BAG_WIDTH + 1;
    let squareSum = 0;
    for (let c = 0; c < EMBED; c += 1) squareSum += ((back[from + c] ?? 0) * scale) ** 2;
    const square = squareSum / EMBED;
    for (; i < end; i += 1) {
      const at = ((ids[i] ?? 0) >> SHIFT) * STRIDE;
      const total = (rows[at + EMBED] ?? 0) + square;
      rows[at + EMBED] = total;
      const step = rate / Math.sqrt(total);
      for (let c = 0; c < EMBED; c += 1) {
        rows[at + c] = (rows[at + c] ?? 0) - step * (back[from + c] ?? 0);
      }
    }
  }
}
