import { type Features, ROWS_PER_EMBEDDING } from "@hookline/lib-ml";
import type { Weights } from "./weights.ts";

/** A function that gives the uncalibrated logit of phishing for the features of one URL. */
export function createScorer(weights: Weights): (features: Features) => number {
  const { bags, embed, hidden, bias, hiddenWeights, hiddenBias, outputWeights } = weights;
  const bagWidth = 1 + embed;
  const width = bags * bagWidth;
  const z = new Float64Array(width);
  return (features) => {
    sumBags(weights, features, z);
    let logit = bias;
    for (let at = 0; at < width; at += bagWidth) logit += z[at] ?? 0;
    for (let h = 0; h < hidden; h += 1) {
      let sum = hiddenBias[h] ?? 0;
      for (let c = 0; c < width; c += 1) sum += (hiddenWeights[h * width + c] ?? 0) * (z[c] ?? 0);
      if (sum > 0) logit += sum * (outputWeights[h] ?? 0);
    }
    return logit;
  };
}

function sumBags(weights: Weights, { ids, ends, scale }: Features, z: Float64Array): void {
  const { table, embeddings, bags, embed, columnScale } = weights;
  const bagWidth = 1 + embed;
  z.fill(0);
  let i = 0;
  for (let bag = 0; bag < bags; bag += 1) {
    const first = bag * bagWidth;
    const end = bag === bags - 1 ? ids.length : (ends[bag] ?? 0);
    for (; i < end; i += 1) {
      const id = ids[i] ?? 0;
      const at = Math.floor(id / ROWS_PER_EMBEDDING) * embed;
      z[first] = (z[first] ?? 0) + (table[id] ?? 0);
      for (let c = 0; c < embed; c += 1)
        z[first + 1 + c] = (z[first + 1 + c] ?? 0) + (embeddings[at + c] ?? 0);
    }
    for (let c = 0; c < bagWidth; c += 1)
      z[first + c] = (z[first + c] ?? 0) * (columnScale[c] ?? 0) * scale;
  }
}
