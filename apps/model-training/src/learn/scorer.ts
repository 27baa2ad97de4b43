import { type Features, ROWS_PER_EMBEDDING } from "@hookline/lib-ml";
import type { Weights } from "./weights.ts";

/** A function that gives the uncalibrated logit of phishing for the features of one URL. */
export function createScorer(weights: Weights): (features: Features) => number {
  const { table, embeddings, embed, columnScale, hidden, bias } = weights;
  const { hiddenWeights, hiddenBias, outputWeights } = weights;
  const width = 1 + embed;
  const z = new Float64Array(width);
  return ({ ids, scale }) => {
    z.fill(0);
    for (let i = 0; i < ids.length; i += 1) {
      const id = ids[i] ?? 0;
      const at = Math.floor(id / ROWS_PER_EMBEDDING) * embed;
      z[0] = (z[0] ?? 0) + (table[id] ?? 0);
      for (let c = 0; c < embed; c += 1) z[1 + c] = (z[1 + c] ?? 0) + (embeddings[at + c] ?? 0);
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
