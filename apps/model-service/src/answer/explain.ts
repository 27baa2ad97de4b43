import { BAGS, type TracedFeature, traceFeatures } from "@hookline/lib-ml";
import type { Bag, Model } from "../model/model.ts";
import type { Scored } from "../model/queue.ts";
import { runBags } from "../model/run-bags.ts";
import type { Explanation } from "../schemas.ts";
import { type Part, splitParts, spreadWeights } from "./parts.ts";

/** Pieces left out one at a time; a longer URL gets coarser pieces, so that its cost is bounded. */
const MOST_PIECES = 48;
/** The exact runs hold one row a bag, so that many fit in one. */
const MOST_SINGLE_ROWS = 4096;
/**
 * A lone row is measured with this factor and the weight divided by it: near the bias a float32
 * keeps few digits of a small weight, and a thousand of these errors would add up to 1e-4.
 */
const MAGNIFICATION = 1024;

/**
 * Says which parts of a URL moved the model's logit, and by how much.
 *
 * All runs are begun at once on the one model, so that they see the same weights as the score. A
 * linear model is taken apart exactly; another by leaving out one piece after the other.
 */
export function explain(model: Model, url: string, bag: Bag): Promise<Explained> {
  const features = traceFeatures(url).map(nameAbsence);
  return model.card.name === "linear"
    ? explainExactly(model, url, bag, features)
    : explainByOcclusion(model, url, bag, features);
}

/** An explanation and the score it explains, of the same model. */
export interface Explained extends Scored {
  readonly explanation: Explanation;
}

const NO_ENDS = new Int32Array(BAGS);
const NOTHING: Bag = { ids: new Int32Array(0), ends: NO_ENDS, scale: 1 };

/** What a feature of nothing is of: a path may have no file ending, a query parameter no name. */
const ABSENCE: Readonly<Record<TracedFeature["segment"], string>> = {
  host: "no name in the host",
  path: "no file ending",
  query: "no parameter name",
  url: "measure without a name",
};

/** Gives a feature of text that is not there a name to be shown by. */
function nameAbsence(feature: TracedFeature): TracedFeature {
  return feature.name === "" ? { ...feature, name: ABSENCE[feature.segment] } : feature;
}

async function explainExactly(
  model: Model,
  url: string,
  bag: Bag,
  features: readonly TracedFeature[],
): Promise<Explained> {
  const singles = Array.from(bag.ids, (id) => ({
    ids: Int32Array.of(id),
    ends: NO_ENDS,
    scale: MAGNIFICATION,
  }));
  const [whole, apart] = await Promise.all([
    runBags(model, [bag, NOTHING], 2),
    runBags(model, singles, MOST_SINGLE_ROWS),
  ]);
  const [logit = Number.NaN, bias = Number.NaN] = whole.logit;
  const factor = bag.scale / MAGNIFICATION;
  const weights = Array.from(apart.logit, (single) => (single - bias) * factor);
  const { parts, lexical } = spreadWeights(url, features, weights);
  const explanation = { method: "exact" as const, logit, bias, parts, lexical };
  return { model, explanation, probability: whole.probability[0] ?? Number.NaN, logit };
}

async function explainByOcclusion(
  model: Model,
  url: string,
  bag: Bag,
  features: readonly TracedFeature[],
): Promise<Explained> {
  const pieces = splitParts(url, features, MOST_PIECES);
  const names = [...new Set(features.filter(isLexical).map(({ name }) => name))];
  const without = [
    ...pieces.map((piece) => leaveOut(bag, features, (feature) => overlaps(feature, piece))),
    ...names.map((name) => leaveOut(bag, features, (f) => isLexical(f) && f.name === name)),
  ];
  const { probability, logit: logits } = await runBags(model, [bag, NOTHING, ...without], 32);
  const [logit = Number.NaN, bias = Number.NaN, ...rest] = logits;
  const weights = rest.map((left) => logit - left);
  const explanation = {
    method: "occlusion" as const,
    logit,
    bias,
    parts: pieces.map((piece, i) => ({ ...piece, weight: weights[i] ?? 0 })),
    lexical: names.map((name, i) => ({ name, weight: weights[pieces.length + i] ?? 0 })),
  };
  return { model, explanation, probability: probability[0] ?? Number.NaN, logit };
}

function isLexical(feature: TracedFeature): boolean {
  return feature.end <= feature.start;
}

function overlaps(feature: TracedFeature, part: Omit<Part, "weight">): boolean {
  return feature.start < part.end && feature.end > part.start;
}

/** The bag less some of its features, with the factor that such a URL would have had. */
function leaveOut(
  bag: Bag,
  features: readonly TracedFeature[],
  isOut: (feature: TracedFeature) => boolean,
): Bag {
  const stays = (i: number) => {
    const feature = features[i];
    return feature === undefined || !isOut(feature);
  };
  const ids: number[] = [];
  let at = 0;
  const ends = bag.ends.map((end) => {
    for (; at < end; at++) {
      const id = bag.ids[at];
      if (id !== undefined && stays(at)) ids.push(id);
    }
    return ids.length;
  });
  return {
    ids: Int32Array.from(ids),
    ends,
    scale: ids.length === 0 ? 1 : 1 / Math.sqrt(ids.length),
  };
}
