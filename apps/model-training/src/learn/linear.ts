import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";
import type { Weights } from "./weights.ts";
import { Wide } from "./wide.ts";

/** Logistic regression over the rows of a URL. */
export function createLinear(): Learner {
  const wide = new Wide();
  const learn = ({ features, label, importance }: Example, rate: number): number => {
    const logit = wide.sum(features) + wide.bias;
    wide.step(features, (sigmoid(logit) - label) * importance, rate);
    return logLoss(logit, label);
  };
  return { learn, weights: () => describeWeights(wide) };
}

function describeWeights(wide: Wide): Weights {
  const none = new Float32Array(0);
  return {
    kind: "linear",
    embed: 0,
    bags: 1,
    hidden: 0,
    table: wide.table(),
    embeddings: none,
    columnScale: Float32Array.of(1),
    hiddenWeights: none,
    hiddenBias: none,
    outputWeights: none,
    bias: wide.bias,
  };
}
