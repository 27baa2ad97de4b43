import type { Weights } from "./weights.ts";

// How strongly late snapshots count: with 3, the first half of a training weighs 1/16.
const LATENESS = 3;

/** Snapshots of a training, averaged. */
export interface Average {
  add(weights: Weights): void;
  /** The mean so far; throws a RangeError before the first snapshot. */
  weights(): Weights;
}

function approach(mean: Float32Array, value: ArrayLike<number>, share: number): void {
  for (let i = 0; i < mean.length; i += 1) {
    const now = mean[i] ?? 0;
    mean[i] = now + share * ((value[i] ?? 0) - now);
  }
}

/**
 * A running mean of the weights, late ones counting more: polynomial-decay averaging (Shamir, Zhang,
 * ICML 2013). It takes the noise of the last steps out of the model, and needs no end known beforehand.
 */
export function createAverage(): Average {
  let count = 0;
  let mean: Weights | undefined;
  let tables = { table: new Float32Array(0), embeddings: new Float32Array(0) };
  return {
    add: (weights) => {
      count += 1;
      if (mean === undefined) {
        tables = {
          table: Float32Array.from(weights.table),
          embeddings: Float32Array.from(weights.embeddings),
        };
        mean = {
          ...weights,
          ...tables,
          hiddenWeights: weights.hiddenWeights.slice(),
          hiddenBias: weights.hiddenBias.slice(),
          outputWeights: weights.outputWeights.slice(),
        };
        return;
      }
      const share = (LATENESS + 1) / (count + LATENESS);
      approach(tables.table, weights.table, share);
      approach(tables.embeddings, weights.embeddings, share);
      approach(mean.hiddenWeights, weights.hiddenWeights, share);
      approach(mean.hiddenBias, weights.hiddenBias, share);
      approach(mean.outputWeights, weights.outputWeights, share);
      mean = { ...mean, bias: mean.bias + share * (weights.bias - mean.bias) };
    },
    weights: () => {
      if (mean === undefined) throw new RangeError("Cannot average weights: there are none");
      return mean;
    },
  };
}
