import { BAGS } from "@hookline/lib-ml";
import { createEmbeddings, readEmbeddings, stepEmbeddings, sumEmbeddings } from "./embeddings.ts";
import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";
import { BAG_WIDTH, createBags, EMBED, HIDDEN, Network, WIDTH } from "./network.ts";
import type { Weights } from "./weights.ts";
import { Wide } from "./wide.ts";

/**
 * The linear model plus a bag of embeddings for each part of a URL and a small network over them ("wide &
 * deep", Cheng et al. 2016). The network also reads what the linear part says of each bag, so that it
 * can weigh host against path. The linear part learns from its own loss in every pass, as createLinear()
 * does; the network learns from the loss of the sum, in the first pass only, while what the linear part
 * leaves over is that of rows it has not seen. Embeddings have a rate for each row, all else for each number.
 */
export function createWideBag(seed: number): Learner {
  const wide = new Wide();
  const embeddings = createEmbeddings();
  const network = new Network(seed);
  const bags = createBags();
  const back = new Float64Array(WIDTH);

  const learn = ({ features, label, importance }: Example, rate: number): number => {
    const wideLogit = wide.sumBags(features, bags.z, BAG_WIDTH) + wide.bias;
    sumEmbeddings(embeddings, features, bags);
    const logit = wideLogit + network.forward(bags);
    if (rate === 1) {
      network.step(bags, (sigmoid(logit) - label) * importance, back);
      stepEmbeddings(embeddings, features, back);
    }
    wide.step(features, (sigmoid(wideLogit) - label) * importance, rate);
    return logLoss(logit, label);
  };

  return { learn, weights: () => describeWeights(wide, embeddings, network) };
}

function describeWeights(wide: Wide, embeddings: Float32Array, network: Network): Weights {
  const { hiddenWeights, hiddenBias, outputWeights, bias } = network;
  return {
    kind: "wide-bag",
    embed: EMBED,
    bags: BAGS,
    hidden: HIDDEN,
    table: wide.table(),
    embeddings: readEmbeddings(embeddings),
    columnScale: new Float32Array(BAG_WIDTH).fill(1),
    hiddenWeights: hiddenWeights.slice(),
    hiddenBias: hiddenBias.slice(),
    outputWeights: outputWeights.slice(),
    bias: wide.bias + bias,
  };
}
