export type { Learner } from "./learner.ts";
export { createScorer } from "./scorer.ts";
export { type TrainOptions, type TrainProgress, train } from "./train.ts";
export type { ModelKind, Weights } from "./weights.ts";
