import { errorBody, ServiceError } from "@hookline/http-service";
import {
  type CanonicalUrl,
  type Features,
  featurise,
  isForwarder,
  isPrivateHost,
  type Openness,
} from "@hookline/lib-ml";
import { checkUrl } from "./answer/check-url.ts";
import { type Explained, explain } from "./answer/explain.ts";
import { type Doubt, judge } from "./answer/judge.ts";
import { trimEdges } from "./answer/trim-edges.ts";
import { OVERLOADED } from "./error-meanings.ts";
import type { Metrics } from "./metrics.ts";
import type { Queue, Scored } from "./model/queue.ts";
import type { Slot } from "./model/slot.ts";
import type { Answer, BrandFinding } from "./schemas.ts";

/** Finds out whether a URL is of a known brand, looks like one, or is where a brand lets anyone publish. */
export type BrandRule = (url: CanonicalUrl) => BrandFinding | OpenHost | undefined;

type OpenHost = { readonly kind: "pages" } | { readonly kind: "posts" };

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
  /** Throws or rejects with a `ServiceError`: `NOT_A_URL`, `OVERLOADED` or `NOT_READY`. */
  predict(url: string, options: PredictOptions): Promise<Answer>;
  /** The same for a few URLs of a batch: an error stands in the place of its answer. */
  predictEach(urls: readonly Parsed[], options: PredictOptions): Promise<BatchItem[]>;
}

/** A URL of a batch, or why there is none. */
export type Parsed = string | ServiceError;
export type BatchItem = Answer | ReturnType<typeof errorBody>;

export function createPredictor(options: PredictorOptions): Predictor {
  const { queue, metrics } = options;
  const predict = createPredict(options);

  async function predictOne(url: Parsed, about: PredictOptions): Promise<BatchItem> {
    try {
      if (url instanceof ServiceError) {
        throw url;
      }
      return await predict(url, about);
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
    async predictEach(urls, about) {
      if (!about.explain) {
        // A batch waits for its turn where a lone request would be refused: it is bounded already.
        return queue.whenRoom(urls.length, () =>
          Promise.all(urls.map((url) => predictOne(url, about))),
        );
      }
      const items: BatchItem[] = [];
      for (const url of urls) {
        items.push(await predictOne(url, about));
      }
      return items;
    },
  };
}

/** One URL: text → features → score → answer. */
function createPredict(options: PredictorOptions): Predictor["predict"] {
  const { queue, metrics, findBrand } = options;
  const explainScore = createExplainer(options);
  return (given, { explain: isExplained, mirrored }) => {
    const text = trimEdges(given);
    const url = checkUrl(text);
    const features = featurise(url);
    // Before the wait for the queue: lib-ml still knows how this host divides.
    const found = findBrand(url);
    const finish = (scored: Explained | Scored) => {
      const doubt = findDoubt(url);
      const answer =
        found?.kind === "pages" || found?.kind === "posts"
          ? judge(scored, undefined, doubt ?? doubtOpenHost(found.kind, scored))
          : judge(scored, found, doubt);
      const { label: version } = scored.model;
      metrics.answered(answer, { version, mirrored, characters: url.text.length });
      return answer;
    };
    return isExplained ? explainScore(text, features).then(finish) : queue.score(features, finish);
  };
}

function findDoubt(url: CanonicalUrl): Doubt | undefined {
  if (isForwarder(url)) {
    return "shortener-rule";
  }
  return isPrivateHost(url) ? "private-host-rule" : undefined;
}

/** Where people only post within a brand's own pages, the model's word stands that a page is legitimate. */
function doubtOpenHost(openness: Openness, { probability, model }: Scored): Doubt | undefined {
  const isTrusted = openness === "posts" && probability < model.card.unsure.low;
  return isTrusted ? undefined : "open-host-rule";
}

/** Explains at once and without the queue, and only so many at a time. */
function createExplainer({ slot }: PredictorOptions) {
  let explaining = 0;
  return async (text: string, features: Features): Promise<Explained> => {
    if (explaining >= MOST_EXPLANATIONS) {
      throw new ServiceError("Too many explanations are being made; try again", {
        ...OVERLOADED,
        headers: { "retry-after": "1" },
      });
    }
    explaining++;
    try {
      return await explain(slot.require(), text, features);
    } finally {
      explaining--;
    }
  };
}
