import { ROWS } from "@hookline/lib-ml";
import { EMBED, WIDTH } from "./network.ts";

// A row of the training table: linear weight, embedding, and a sum of squared gradients for either.
const STRIDE = WIDTH + 2;
const WIDE_RATE = 0.4;
const EMBED_RATE = 0.2;
// Small, so that a row seen for the first time takes a long step.
const ROW_SQUARE = 0.0005;

/** The table that training moves. Embeddings start at zero, so that a row never seen adds nothing. */
export function createRows(): Float32Array {
  const rows = new Float32Array(STRIDE * ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    rows[row * STRIDE + WIDTH] = ROW_SQUARE;
    rows[row * STRIDE + WIDTH + 1] = ROW_SQUARE;
  }
  return rows;
}

/** The table of the model: without the sums, with the zero row at its end. */
export function readTable(rows: Float32Array): Float32Array {
  const table = new Float32Array((ROWS + 1) * WIDTH);
  for (let row = 0; row < ROWS; row += 1) {
    table.set(rows.subarray(row * STRIDE, row * STRIDE + WIDTH), row * WIDTH);
  }
  return table;
}

/** The scaled sum of some rows, into `z`. Nine sums by name: an array of them takes twice as long. */
export function sumRows(
  rows: Float32Array,
  { ids, scale }: { readonly ids: Int32Array; readonly scale: number },
  z: Float64Array,
): void {
  let [z0, z1, z2, z3, z4, z5, z6, z7, z8] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < ids.length; i += 1) {
    const at = (ids[i] ?? 0) * STRIDE;
    z0 += rows[at] ?? 0;
    z1 += rows[at + 1] ?? 0;
    z2 += rows[at + 2] ?? 0;
    z3 += rows[at + 3] ?? 0;
    z4 += rows[at + 4] ?? 0;
    z5 += rows[at + 5] ?? 0;
    z6 += rows[at + 6] ?? 0;
    z7 += rows[at + 7] ?? 0;
    z8 += rows[at + 8] ?? 0;
  }
  z[0] = z0 * scale;
  z[1] = z1 * scale;
  z[2] = z2 * scale;
  z[3] = z3 * scale;
  z[4] = z4 * scale;
  z[5] = z5 * scale;
  z[6] = z6 * scale;
  z[7] = z7 * scale;
  z[8] = z8 * scale;
}

/** Moves the linear weights of some rows by the gradient of their sum. */
export function stepWide(
  rows: Float32Array,
  ids: Int32Array,
  { gradient, rate }: { readonly gradient: number; readonly rate: number },
): void {
  const square = gradient * gradient;
  const step = WIDE_RATE * rate * gradient;
  for (let i = 0; i < ids.length; i += 1) {
    const at = (ids[i] ?? 0) * STRIDE;
    const total = (rows[at + WIDTH] ?? 0) + square;
    rows[at + WIDTH] = total;
    rows[at] = (rows[at] ?? 0) - step / Math.sqrt(total);
  }
}

/** Moves the embeddings of some rows by the gradient of z. */
export function stepEmbeddings(
  rows: Float32Array,
  { ids, scale }: { readonly ids: Int32Array; readonly scale: number },
  back: Float64Array,
): void {
  let squareSum = 0;
  for (let c = 1; c < WIDTH; c += 1) squareSum += ((back[c] ?? 0) * scale) ** 2;
  const embedSquare = squareSum / EMBED;
  const embedStep = EMBED_RATE * scale;
  for (let i = 0; i < ids.length; i += 1) {
    const at = (ids[i] ?? 0) * STRIDE;
    const total = (rows[at + WIDTH + 1] ?? 0) + embedSquare;
    rows[at + WIDTH + 1] = total;
    const step = embedStep / Math.sqrt(total);
    for (let c = 1; c < WIDTH; c += 1) rows[at + c] = (rows[at + c] ?? 0) - step * (back[c] ?? 0);
  }
}
