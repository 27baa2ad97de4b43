import { createRows, readTable, stepEmbeddings, stepWide, sumRows } from "./bag-rows.ts";
import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";
import { BIAS_RATE, DENSE_SQUARE, EMBED, HIDDEN, Network, WIDTH } from "./network.ts";

// What the network adds counts half: it fits the sources it has seen more closely than the linear part
// does. Chosen on sources left out of training.
const NETWORK_SHARE = 0.5;

/**
 * The linear model plus an embedding bag and a small network over it ("wide & deep", Cheng et al.
 * 2016). The linear part learns from its own loss in every pass, as createLinear() does; the network
 * learns from the loss of the sum, in the first pass only, while what the linear part leaves over is that
 * of rows it has not seen. Embeddings have a rate for each row, all else for each number.
 */
export function createWideBag(seed: number): Learner {
  const rows = createRows();
  const network = new Network(seed);
  const z = new Float64Array(WIDTH);
  const back = new Float64Array(WIDTH);
  let bias = 0;
  let biasSquare = DENSE_SQUARE;

  const learn = ({ features, label, importance }: Example, rate: number): number => {
    sumRows(rows, features, z);
    const wideLogit = (z[0] ?? 0) + bias;
    const logit = wideLogit + network.forward(z);
    if (rate === 1) {
      network.step(z, (sigmoid(logit) - label) * importance, back);
      stepEmbeddings(rows, features, back);
    }
    const error = (sigmoid(wideLogit) - label) * importance;
    stepWide(rows, features.ids, { gradient: error * features.scale, rate });
    biasSquare += error * error;
    bias -= (BIAS_RATE * rate * error) / Math.sqrt(biasSquare);
    return logLoss(logit, label);
  };

  return { learn, weights: () => describeWeights(rows, network, bias) };
}

function describeWeights(rows: Float32Array, network: Network, bias: number) {
  const { hiddenWeights, hiddenBias, outputWeights } = network;
  return {
    kind: "wide-bag" as const,
    embed: EMBED,
    hidden: HIDDEN,
    table: readTable(rows),
    columnScale: new Float32Array(WIDTH).fill(1),
    hiddenWeights: hiddenWeights.slice(),
    hiddenBias: hiddenBias.slice(),
    outputWeights: outputWeights.map((weight) => weight * NETWORK_SHARE),
    bias: bias + network.bias * NETWORK_SHARE,
  };
}
