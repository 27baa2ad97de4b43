import { BAGS } from "@hookline/lib-ml";
import { createRandom } from "./random.ts";

/** Numbers of an embedding. */
export const EMBED = 8;
/** Numbers of a bag: the sum of its linear weights, and of its embeddings. */
export const BAG_WIDTH = 1 + EMBED;
/** Numbers of all bags beside each other: what the network reads. */
export const WIDTH = BAGS * BAG_WIDTH;
export const HIDDEN = 32;
// What squares of gradients begin with.
const DENSE_SQUARE = 0.01;
const BIAS_RATE = 0.08;
const DENSE_RATE = 0.05;

/** What the network reads of one URL. Most have no query, many no path: a bag without rows is passed over. */
export interface Bags {
  readonly z: Float64Array;
  /** Where in `z` each bag that has rows begins; the first `count` count. */
  readonly filled: Int32Array;
  count: number;
}

export function createBags(): Bags {
  return { z: new Float64Array(WIDTH), filled: new Int32Array(BAGS), count: 0 };
}

/** The layers behind the bags, their AdaGrad sums, and what one example leaves in them. */
export class Network {
  readonly hiddenWeights: Float32Array;
  readonly hiddenBias = new Float32Array(HIDDEN);
  readonly outputWeights: Float32Array;
  bias = 0;
  readonly #hiddenSquares = new Float32Array(HIDDEN * WIDTH).fill(DENSE_SQUARE);
  readonly #biasSquares = new Float32Array(HIDDEN).fill(DENSE_SQUARE);
  readonly #outputSquares = new Float32Array(HIDDEN).fill(DENSE_SQUARE);
  readonly #active = new Float64Array(HIDDEN);
  #biasSquare = DENSE_SQUARE;

  constructor(seed: number) {
    const random = createRandom(seed);
    const draw = (size: number, width: number) =>
      Float32Array.from({ length: size }, () => (2 * random() - 1) * width);
    this.hiddenWeights = draw(HIDDEN * WIDTH, Math.sqrt(6 / (WIDTH + HIDDEN)));
    this.outputWeights = draw(HIDDEN, Math.sqrt(6 / (HIDDEN + 1)));
  }

  /** What the network adds to the linear logit. */
  forward({ z, filled, count }: Bags): number {
    const { hiddenWeights, hiddenBias, outputWeights } = this;
    const active = this.#active;
    let logit = this.bias;
    for (let h = 0; h < HIDDEN; h += 1) {
      let sum = hiddenBias[h] ?? 0;
      for (let b = 0; b < count; b += 1) {
        const from = filled[b] ?? 0;
        const weights = h * WIDTH;
        for (let c = from; c < from + BAG_WIDTH; c += 1)
          sum += (hiddenWeights[weights + c] ?? 0) * (z[c] ?? 0);
      }
      active[h] = Math.max(sum, 0);
      if (sum > 0) logit += sum * (outputWeights[h] ?? 0);
    }
    return logit;
  }

  /** Moves the layers by the error of the last `forward` and leaves the gradient of z in `back`. */
  step(bags: Bags, error: number, back: Float64Array): void {
    const { outputWeights, hiddenBias } = this;
    const outputSquares = this.#outputSquares;
    const biasSquares = this.#biasSquares;
    const active = this.#active;
    back.fill(0);
    for (let h = 0; h < HIDDEN; h += 1) {
      const on = active[h] ?? 0;
      if (on <= 0) continue;
      const out = outputWeights[h] ?? 0;
      const delta = error * out;
      const gradient = error * on;
      const squares = (outputSquares[h] ?? 0) + gradient * gradient;
      outputSquares[h] = squares;
      outputWeights[h] = out - (DENSE_RATE * gradient) / Math.sqrt(squares);
      const biasTotal = (biasSquares[h] ?? 0) + delta * delta;
      biasSquares[h] = biasTotal;
      hiddenBias[h] = (hiddenBias[h] ?? 0) - (DENSE_RATE * delta) / Math.sqrt(biasTotal);
      this.#stepUnit(h * WIDTH, delta, bags, back);
    }
    this.#biasSquare += error * error;
    this.bias -= (BIAS_RATE * error) / Math.sqrt(this.#biasSquare);
  }

  /** The weights of one hidden unit, which begin at `first`. */
  #stepUnit(first: number, delta: number, bags: Bags, back: Float64Array): void {
    const { hiddenWeights } = this;
    const squares = this.#hiddenSquares;
    const { z, filled, count } = bags;
    for (let b = 0; b < count; b += 1) {
      const from = filled[b] ?? 0;
      for (let c = from; c < from + BAG_WIDTH; c += 1) {
        const at = first + c;
        const weight = hiddenWeights[at] ?? 0;
        back[c] = (back[c] ?? 0) + delta * weight;
        const g = delta * (z[c] ?? 0);
        const total = (squares[at] ?? 0) + g * g;
        squares[at] = total;
        hiddenWeights[at] = weight - (DENSE_RATE * g) / Math.sqrt(total);
      }
    }
  }
}
