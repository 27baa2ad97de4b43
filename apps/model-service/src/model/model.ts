import type { Card } from "./card.ts";

/** The rows of one URL and the factor of its sum: what lib-ml's `featurise` gives. */
export interface Bag {
  readonly ids: Int32Array;
  /** Where each of lib-ml's BAGS ends in `ids`. */
  readonly ends: Int32Array;
  readonly scale: number;
}

/** One value for each bag, in their order. Probability in [0, 1], logit calibrated. */
export interface Scores {
  readonly probability: Float32Array;
  readonly logit: Float32Array;
}

/** A loaded model. The service knows it only by this, so that tests pass a small one in. */
export interface Model {
  readonly card: Card;
  /** What metrics call this version, such as "v1". */
  readonly label: string;
  /** Scores bags in one run; the caller bounds their number and their rows. */
  run(bags: readonly Bag[]): Promise<Scores>;
  /** Frees the memory once the runs under way have ended; no run may begin afterwards. */
  release(): Promise<void>;
}
