import { EMBEDDINGS, ROWS_PER_EMBEDDING } from "@hookline/lib-ml";
import { EMBED, WIDTH } from "./network.ts";

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

/** The scaled sum of some embeddings, into `z` from 1 on. Sums by name: an array of them takes twice as long. */
export function sumEmbeddings(
  rows: Float32Array,
  { ids, scale }: { readonly ids: Int32Array; readonly scale: number },
  z: Float64Array,
): void {
  let [z1, z2, z3, z4, z5, z6, z7, z8] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < ids.length; i += 1) {
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
  z[1] = z1 * scale;
  z[2] = z2 * scale;
  z[3] = z3 * scale;
  z[4] = z4 * scale;
  z[5] = z5 * scale;
  z[6] = z6 * scale;
  z[7] = z7 * scale;
  z[8] = z8 * scale;
}

/** Moves the embeddings of some rows by the gradient of z. */
export function stepEmbeddings(
  rows: Float32Array,
  { ids, scale }: { readonly ids: Int32Array; readonly scale: number },
  back: Float64Array,
): void {
  let squareSum = 0;
  for (let c = 1; c < WIDTH; c += 1) squareSum += ((back[c] ?? 0) * scale) ** 2;
  const square = squareSum / EMBED;
  const rate = RATE * scale;
  for (let i = 0; i < ids.length; i += 1) {
    const at = ((ids[i] ?? 0) >> SHIFT) * STRIDE;
    const total = (rows[at + EMBED] ?? 0) + square;
    rows[at + EMBED] = total;
    const step = rate / Math.sqrt(total);
    for (let c = 0; c < EMBED; c += 1) {
      rows[at + c] = (rows[at + c] ?? 0) - step * (back[1 + c] ?? 0);
    }
  }
}
