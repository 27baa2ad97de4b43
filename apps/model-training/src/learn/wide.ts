import { type Features, ROWS } from "@hookline/lib-ml";

const RATE = 0.4;
// Small, so that a row seen for the first time takes a long step.
const FIRST_SQUARE = 0.0005;
const BIAS_SQUARE = 0.01;
const BIAS_RATE = 0.08;

/**
 * The linear part of both models: logistic regression by AdaGrad (Duchi, Hazan, Singer, JMLR 12, 2011)
 * with a rate for each row. Rows seen often move little, rows seen once move far.
 */
export class Wide {
  bias = 0;
  #biasSquare = BIAS_SQUARE;
  // Weight and sum of squared gradients of a row beside each other: one line of the cache, not two.
  readonly #rows = new Float32Array(2 * ROWS);

  constructor() {
    for (let row = 0; row < ROWS; row += 1) this.#rows[2 * row + 1] = FIRST_SQUARE;
  }

  /** The scaled sum of the weights of some rows: the logit less the bias. */
  sum({ ids, scale }: Features): number {
    const rows = this.#rows;
    let sum = 0;
    for (let i = 0; i < ids.length; i += 1) sum += rows[2 * (ids[i] ?? 0)] ?? 0;
    return sum * scale;
  }

  /** The same of each bag, at every `stride`th place of `z`; gives their sum. */
  sumBags({ ids, ends, scale }: Features, z: Float64Array, stride: number): number {
    const rows = this.#rows;
    let total = 0;
    let i = 0;
    for (let bag = 0; bag < ends.length; bag += 1) {
      const end = ends[bag] ?? 0;
      let sum = 0;
      for (; i < end; i += 1) sum += rows[2 * (ids[i] ?? 0)] ?? 0;
      z[bag * stride] = sum * scale;
      total += sum;
    }
    return total * scale;
  }

  /** Moves weights and bias by the error of their logit. */
  step({ ids, scale }: Features, error: number, rate: number): void {
    const rows = this.#rows;
    const gradient = error * scale;
    const square = gradient * gradient;
    const step = RATE * rate * gradient;
    for (let i = 0; i < ids.length; i += 1) {
      const at = 2 * (ids[i] ?? 0);
      const squares = (rows[at + 1] ?? 0) + square;
      rows[at + 1] = squares;
      rows[at] = (rows[at] ?? 0) - step / Math.sqrt(squares);
    }
    this.#biasSquare += error * error;
    this.bias -= (BIAS_RATE * rate * error) / Math.sqrt(this.#biasSquare);
  }

  /** A copy of the weights, the zero row at their end. */
  table(): Float32Array {
    const table = new Float32Array(ROWS + 1);
    for (let row = 0; row < ROWS; row += 1) table[row] = this.#rows[2 * row] ?? 0;
    return table;
  }
}
