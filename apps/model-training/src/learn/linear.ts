import { ROWS } from "@hookline/lib-ml";
import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";

const RATE = 0.4;
// Small, so that a row seen for the first time takes a long step.
const FIRST_SQUARE = 0.0005;
const BIAS_SQUARE = 0.01;
const BIAS_RATE = 0.08;

/**
 * Logistic regression by AdaGrad (Duchi, Hazan, Singer, JMLR 12, 2011) with a rate for each row:
 * rows seen often move little, rows seen once move far.
 */
export function createLinear(): Learner {
  // Weight and sum of squared gradients of a row beside each other: one line of the cache, not two.
  const rows = new Float32Array(2 * ROWS);
  for (let row = 0; row < ROWS; row += 1) rows[2 * row + 1] = FIRST_SQUARE;
  let bias = 0;
  let biasSquare = BIAS_SQUARE;

  const learn = ({ features, label, importance }: Example, rate: number): number => {
    const { ids, scale } = features;
    let sum = 0;
    for (let i = 0; i < ids.length; i += 1) sum += rows[2 * (ids[i] ?? 0)] ?? 0;
    const logit = sum * scale + bias;
    const error = (sigmoid(logit) - label) * importance;
    const gradient = error * scale;
    const square = gradient * gradient;
    const step = RATE * rate * gradient;
    for (let i = 0; i < ids.length; i += 1) {
      const at = 2 * (ids[i] ?? 0);
      const squares = (rows[at + 1] ?? 0) + square;
      rows[at + 1] = squares;
      rows[at] = (rows[at] ?? 0) - step / Math.sqrt(squares);
    }
    biasSquare += error * error;
    bias -= (BIAS_RATE * rate * error) / Math.sqrt(biasSquare);
    return logLoss(logit, label);
  };

  return { learn, weights: () => describeWeights(rows, bias) };
}

function describeWeights(rows: Float32Array, bias: number) {
  const table = new Float32Array(ROWS + 1);
  for (let row = 0; row < ROWS; row += 1) table[row] = rows[2 * row] ?? 0;
  const none = new Float32Array(0);
  return {
    kind: "linear" as const,
    embed: 0,
    hidden: 0,
    table,
    columnScale: Float32Array.of(1),
    hiddenWeights: none,
    hiddenBias: none,
    outputWeights: none,
    bias,
  };
}
