import { type Pair, VERDICTS, type Verdict } from "../pairing/pair.ts";
import { findStep, type Steps } from "./histogram.ts";

/** Differences of scores, mirror less live, in steps of 0.05. */
export const SCORE_STEPS: Steps = {
  edges: Array.from({ length: 41 }, (_, i) => Math.round((i - 20) * 5) / 100),
};
const MILLISECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
export const LATENCY_STEPS: Steps = { edges: [0, ...MILLISECONDS] };
export const LATENCY_DIFFERENCE_STEPS: Steps = {
  edges: [...MILLISECONDS.map((ms) => -ms).reverse(), 0, ...MILLISECONDS],
};

/** Which of the nine a pair is: the live model's verdict, then the mirror's. */
export function findCell(live: Verdict, mirror: Verdict): number {
  return VERDICTS.indexOf(live) * VERDICTS.length + VERDICTS.indexOf(mirror);
}

/** What is counted of pairs; two tallies add up. */
export class Tally {
  /** By `findCell`. */
  readonly verdicts = new Float64Array(VERDICTS.length ** 2);
  readonly scoreDifferences = new Float64Array(SCORE_STEPS.edges.length - 1);
  readonly liveLatencies = new Float64Array(LATENCY_STEPS.edges.length - 1);
  readonly mirrorLatencies = new Float64Array(LATENCY_STEPS.edges.length - 1);
  readonly latencyDifferences = new Float64Array(LATENCY_DIFFERENCE_STEPS.edges.length - 1);
  /** Of score differences: sum, sum of squares; of latency differences: sum. */
  readonly sums = new Float64Array(3);

  add({ live, mirror }: Pair): void {
    bump(this.verdicts, findCell(live.verdict, mirror.verdict));
    const score = mirror.probability - live.probability;
    const latency = mirror.latencyMs - live.latencyMs;
    bump(this.scoreDifferences, findStep(SCORE_STEPS, score));
    bump(this.liveLatencies, findStep(LATENCY_STEPS, live.latencyMs));
    bump(this.mirrorLatencies, findStep(LATENCY_STEPS, mirror.latencyMs));
    bump(this.latencyDifferences, findStep(LATENCY_DIFFERENCE_STEPS, latency));
    for (const [i, value] of [score, score ** 2, latency].entries()) {
      this.sums[i] = Number(this.sums[i]) + value;
    }
  }

  /** Adds all that another has counted. */
  merge(other: Tally): void {
    for (const name of [
      "verdicts",
      "scoreDifferences",
      "liveLatencies",
      "mirrorLatencies",
      "latencyDifferences",
      "sums",
    ] as const) {
      const counts = this[name];
      for (const [i, value] of other[name].entries()) {
        counts[i] = Number(counts[i]) + value;
      }
    }
  }
}

function bump(counts: Float64Array, at: number): void {
  counts[at] = Number(counts[at]) + 1;
}
