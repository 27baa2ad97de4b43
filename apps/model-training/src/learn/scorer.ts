import type { Features } from "@hookline/lib-ml";
import type { Weights } from "./weights.ts";

/** A function that gives the uncalibrated logit of phishing for the features of one URL. */
export function createScorer(weights: Weights): (features: Features) => number {
  const { table, columnScale, hiddenWeights, hiddenBias, outputWeights, hidden, bias } = weights;
  const width = 1 + weights.embed;
  const z = new Float64Array(width);
  return ({ ids, scale }) => {
    z.fill(0);
    for (let i = 0; i < ids.length; i += 1) {
      const row = (ids[i] ?? 0) * width;
      for (let c = 0; c < width; c += 1) z[c] = (z[c] ?? 0) + (table[row + c] ?? 0);
    }
    for (let c = 0; c < width; c += 1) z[c] = (z[c] ?? 0) * (columnScale[c] ?? 0) * scale;
    let logit = (z[0] ?? 0) + bias;
    for (let h = 0; h < hidden; h += 1) {
      let sum = hiddenBias[h] ?? 0;
      for (let c = 0; c < width; c += 1) sum += (hiddenWeights[h * width + c] ?? 0) * (z[c] ?? 0);
      if (sum > 0) logit += sum * (outputWeights[h] ?? 0);
    }
    return logit;
  };
}
