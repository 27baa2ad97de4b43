// The peer that our features are measured against: the same linear learner on hashed character
// 2–5-grams of the URL just as it is written, the usual first thing to do with URLs.
import { type Features, ROWS } from "@hookline/lib-ml";
import type { Row } from "../src/dataset.ts";
import type { EvaluationSet } from "../src/evaluate/evaluation-set.ts";
import type { UrlScorer } from "../src/evaluate/score.ts";
import { calibrate } from "../src/export/calibrate.ts";
import { createAverage } from "../src/learn/average.ts";
import { createLinear } from "../src/learn/linear.ts";
import { createRandom } from "../src/learn/random.ts";
import { createScorer } from "../src/learn/scorer.ts";
import { shuffle } from "../src/learn/shuffle.ts";

const EPOCHS = 2;
const HELD_ROWS = 32_768;

/** Hashed 2–5-grams of the text, each once, by FNV-1a with a finaliser. */
function featuriseRaw(text: string): Features {
  const found = new Set<number>();
  for (let start = 0; start < text.length; start += 1) {
    let hash = 0x811c9dc5;
    for (let end = start; end < Math.min(text.length, start + 5); end += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(end), 0x01000193);
      if (end === start) continue;
      const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
      found.add(((mixed ^ (mixed >>> 13)) >>> 0) % ROWS);
    }
  }
  const ids = Int32Array.from(found.size === 0 ? [0] : found);
  return { ids, ends: Int32Array.of(ids.length), scale: 1 / Math.sqrt(ids.length) };
}

/** Trains the peer and calibrates it on validation rows, as our models are. */
export async function trainRaw(
  rows: () => AsyncIterable<Row>,
  val: EvaluationSet,
  seed: number,
): Promise<UrlScorer> {
  const learner = createLinear();
  const average = createAverage();
  const random = createRandom(seed);
  let seen = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for await (const { url, label } of shuffle(rows(), HELD_ROWS, random)) {
      learner.learn({ features: featuriseRaw(url), label, importance: 1 }, 0.5 ** epoch);
      seen += 1;
      if (seen % HELD_ROWS === 0) average.add(learner.weights());
    }
  }
  average.add(learner.weights());
  const logit = createScorer(average.weights());
  const logits = Float64Array.from(val.rows, ({ url }) => logit(featuriseRaw(url)));
  const { a, b } = calibrate(
    logits,
    Uint8Array.from(val.rows, ({ label }) => label),
  );
  const score = async (urls: readonly string[]) =>
    urls.map((url) => 1 / (1 + Math.exp(-(a * logit(featuriseRaw(url)) + b))));
  return { score, close: async () => {} };
}
