import { createEmbeddings, readEmbeddings, stepEmbeddings, sumEmbeddings } from "./embeddings.ts";
import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";
import { EMBED, HIDDEN, Network, WIDTH } from "./network.ts";
import type { Weights } from "./weights.ts";
import { Wide } from "./wide.ts";

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
  const wide = new Wide();
  const embeddings = createEmbeddings();
  const network = new Network(seed);
  const z = new Float64Array(WIDTH);
  const back = new Float64Array(WIDTH);

  const learn = ({ features, label, importance }: Example, rate: number): number => {
    z[0] = wide.sum(features);
    sumEmbeddings(embeddings, features, z);
    const wideLogit = z[0] + wide.bias;
    const logit = wideLogit + network.forward(z);
    if (rate === 1) {
      network.step(z, (sigmoid(logit) - label) * importance, back);
      stepEmbeddings(embeddings, features, back);
    }
    wide.step(features, (sigmoid(wideLogit) - label) * importance, rate);
    return logLoss(logit, label);
  };

  return { learn, weights: () => describeWeights(wide, embeddings, network) };
}

function describeWeights(wide: Wide, embeddings: Float32Array, network: Network): Weights {
  const { hiddenWeights, hiddenBias, outputWeights } = network;
  return {
    kind: "wide-bag",
    embed: EMBED,
    hidden: HIDDEN,
    table: wide.table(),
    embeddings: readEmbeddings(embeddings),
    columnScale: new Float32Array(WIDTH).fill(1),
    hiddenWeights: hiddenWeights.slice(),
    hiddenBias: hiddenBias.slice(),
    outputWeights: outputWeights.map((weight) => weight * NETWORK_SHARE),
    bias: wide.bias + network.bias * NETWORK_SHARE,
  };
}
