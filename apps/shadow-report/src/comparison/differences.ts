import type { Half, Pair, Verdict } from "../pairing/pair.ts";
import type { Explanation, Prediction } from "../pairing/report.ts";

/** What one model said of a URL, and what a visitor would read of it. */
export interface Opinion {
  readonly verdict: Verdict;
  readonly prediction: Prediction;
  readonly decidedBy?: string | undefined;
  readonly probability: number;
  readonly explanation?: Explanation | undefined;
}

/** A URL that the models see differently. */
export interface Difference {
  readonly url: string;
  /** How often it came. */
  readonly times: number;
  /** Mirror less live. */
  readonly score: number;
  readonly live: Opinion;
  readonly mirror: Opinion;
}

/** How many URLs of a minute are kept, and of a window told. */
const MOST_KEPT = 6;
export const MOST_TOLD = 20;
/** What is no difference worth a look, if the verdicts are the same. */
export const LEAST_SCORE = 0.02;

/** The URLs that are seen most differently, each once: first a warning of one only, then other verdicts, then far scores. */
export class Differences {
  #kept: Difference[] = [];
  readonly #most: number;

  constructor(most = MOST_KEPT) {
    this.#most = most;
  }

  get all(): readonly Difference[] {
    return this.#kept;
  }

  addPair({ live, mirror }: Pair): void {
    const score = mirror.probability - live.probability;
    if (live.verdict === mirror.verdict && Math.abs(score) < LEAST_SCORE) {
      return;
    }
    const { url } = live;
    this.add({ url, times: 1, score, live: tellOpinion(live), mirror: tellOpinion(mirror) });
  }

  /** Takes one in if it is among the greatest; the same URL again is counted. */
  add(difference: Difference): void {
    const kept = this.#kept;
    const known = kept.findIndex(({ url }) => url === difference.url);
    const same = kept[known];
    if (same !== undefined) {
      const times = same.times + difference.times;
      const { explanation = same.live.explanation } = difference.live;
      const { explanation: other = same.mirror.explanation } = difference.mirror;
      kept[known] = {
        ...difference,
        times,
        live: { ...difference.live, explanation },
        mirror: { ...difference.mirror, explanation: other },
      };
    } else if (kept.length < this.#most || isGreater(difference, kept.at(-1))) {
      kept.push(difference);
    } else {
      return;
    }
    kept.sort((a, b) => rank(b) - rank(a));
    kept.length = Math.min(kept.length, this.#most);
  }
}

function isGreater(one: Difference, other: Difference | undefined): boolean {
  return other === undefined || rank(one) > rank(other);
}

/** Above 2 for a warning of one only, above 1 for two other verdicts; a score alone is seen by nobody. */
function rank({ score, live, mirror }: Difference): number {
  const isOther = live.verdict !== mirror.verdict;
  const isWarning = isOther && [live, mirror].some(({ verdict }) => verdict === "Phishing");
  return Math.abs(score) + (isOther ? 1 : 0) + (isWarning ? 1 : 0);
}

function tellOpinion({ verdict, prediction, decidedBy, probability, explanation }: Half): Opinion {
  return { verdict, prediction, decidedBy, probability, explanation };
}
