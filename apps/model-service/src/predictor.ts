import { type CanonicalUrl, type Features, featurise, isShortener } from "@hookline/lib-ml";
import { checkUrl } from "./answer/check-url.ts";
import { type Explained, explain } from "./answer/explain.ts";
import { judge } from "./answer/judge.ts";
import { errorBody, ServiceError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import type { Queue } from "./model/queue.ts";
import type { Slot } from "./model/slot.ts";
import type { Answer, BrandFinding } from "./schemas.ts";

/** Finds out whether a URL is of a known brand, or looks like one. */
export type BrandRule = (url: CanonicalUrl) => BrandFinding | undefined;

/** Explanations cost up to fifty scores and do not wait in the queue: more at once are refused. */
const MOST_EXPLANATIONS = 64;

interface PredictorOptions {
  readonly slot: Slot;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly findBrand: BrandRule;
}

interface PredictOptions {
  readonly explain: boolean;
  readonly mirrored: boolean;
}

/** Turns the text of a URL into an answer. */
export interface Predictor {
  /** Throws a `ServiceError`: `NOT_A_URL`, `OVERLOADED` or `NOT_READY`. */
  predict(url: string, options: PredictOptions): Promise<Answer>;
  /** The same for a few URLs of a batch: an error stands in the place of its answer. */
  predictEach(urls: readonly Parsed[], options: PredictOptions): Promise<BatchItem[]>;
}

/** A URL of a batch, or why there is none. */
export type Parsed = string | ServiceError;
export type BatchItem = Answer | ReturnType<typeof errorBody>;

export function createPredictor({ slot, queue, metrics, findBrand }: PredictorOptions): Predictor {
  let explaining = 0;

  async function explainScore(text: string, features: Features): Promise<Explained> {
    if (explaining >= MOST_EXPLANATIONS) {
      throw new ServiceError("Too many explanations are being made; try again", {
        code: "OVERLOADED",
        headers: { "retry-after": "1" },
      });
    }
    explaining++;
    try {
      return await explain(slot.require(), text, features);
    } finally {
      explaining--;
    }
  }

  async function predict(text: string, options: PredictOptions): Promise<Answer> {
    const url = checkUrl(text);
    const features = featurise(url);
    // Before the wait for the queue: lib-ml still knows how this host divides.
    const brand = findBrand(url);
    const scored = options.explain
      ? await explainScore(text, features)
      : await queue.score(features);
    const answer = judge(scored, brand, {
      forwards: url.path + url.query !== "" && isShortener(url.host),
    });
    metrics.answered(answer, {
      version: scored.model.label,
      mirrored: options.mirrored,
      characters: url.text.length,
    });
    return answer;
  }

  async function predictOne(url: Parsed, options: PredictOptions): Promise<BatchItem> {
    try {
      if (url instanceof ServiceError) {
        throw url;
      }
      return await predict(url, options);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      metrics.failed(error.code);
      return errorBody(error.code, error.message);
    }
  }

  return {
    predict,
    async predictEach(urls, options) {
      if (!options.explain) {
        // A batch waits for its turn where a lone request would be refused: it is bounded already.
        await queue.room(urls.length);
        return Promise.all(urls.map((url) => predictOne(url, options)));
      }
      const items: BatchItem[] = [];
      for (const url of urls) {
        items.push(await predictOne(url, options));
      }
      return items;
    },
  };
}
