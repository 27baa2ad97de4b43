import type { Features } from "@hookline/lib-ml";
import type { Weights } from "./weights.ts";

/** One URL to learn from. */
export interface Example {
  readonly features: Features;
  /** 1 is phishing. */
  readonly label: 0 | 1;
  /** How much it counts: 1 is usual. */
  readonly importance: number;
}

/** A model that is being trained, one URL at a time. */
export interface Learner {
  /**
   * Takes one step towards the example's label, at `rate` (1 in the first pass, less later) times the
   * model's own rates; gives the log loss before it.
   */
  learn(example: Example, rate: number): number;
  /** A copy of what has been learnt so far. */
  weights(): Weights;
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** −ln of the probability given to a label in [0, 1] by a logit, safe for large ones. */
export function logLoss(logit: number, label: number): number {
  return Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
}
