import { formatAmount, formatCount } from "../format-amount.ts";
import type { Trial } from "./trial.ts";

export const VERDICTS = ["promote", "keep watching", "reject"] as const;

export interface Verdict {
  readonly verdict: (typeof VERDICTS)[number];
  /** In words, the most important first. */
  readonly reasons: readonly string[];
}

export interface DecideOptions {
  readonly trial: Pick<Trial, "newWarnings" | "lostWarnings">;
  /** How long pairs have come. */
  readonly watchedMs: number;
  readonly watchMs: number;
  /** The share of requests with one report only, over the last hour. */
  readonly unpairedShare: number;
  readonly unpairedTolerated: number;
}

/** A test, and what happens to the visitors that it counts. */
type NamedTest = readonly [what: string, test: Trial["newWarnings"]];

/**
 * What to do with the mirrored model. Time and unpaired requests can only put a promote off, so that they
 * leave the error rates of the tests as they are.
 */
export function decide(options: DecideOptions): Verdict {
  const { trial } = options;
  const tests: readonly NamedTest[] = [
    ["would get a warning that they do not get today", trial.newWarnings],
    ["would lose the warning that they get today", trial.lostWarnings],
  ];
  const alarms = tests.filter(([, { verdict }]) => verdict === "intolerable");
  if (alarms.length > 0) {
    return {
      verdict: "reject",
      reasons: alarms.map(
        ([what, { hits, trials }]) =>
          `${formatCount(hits)} of ${formatAmount(trials, "URL")} ${what}: more than is tolerated`,
      ),
    };
  }
  const waits = listWaits(tests, options);
  if (waits.length > 0) {
    return { verdict: "keep watching", reasons: waits };
  }
  return {
    verdict: "promote",
    reasons: tests.map(
      ([what, { hits, trials }]) =>
        `${formatCount(hits)} of ${formatAmount(trials, "URL")} ${what}: fewer than is intolerable`,
    ),
  };
}

/** What a promote has still to wait for. */
function listWaits(tests: readonly NamedTest[], options: DecideOptions): string[] {
  const { watchedMs, watchMs, unpairedShare, unpairedTolerated } = options;
  const waits = tests
    .filter(([, { verdict }]) => verdict === "undecided")
    .map(
      ([what, { hits, trials, trialsToPass }]) =>
        `${formatCount(hits)} of ${formatAmount(trials, "URL")} ${what}: undecided, for ${formatAmount(trialsToPass, "more URL")} at least`,
    );
  if (unpairedShare > unpairedTolerated) {
    waits.push(
      `${percent(unpairedShare)} of the requests have one report only; ${percent(unpairedTolerated)} are tolerated`,
    );
  }
  if (watchedMs < watchMs) {
    const minutes = Math.floor(watchedMs / 60_000);
    const wanted = watchMs / 60_000;
    const are = wanted === 1 ? "is" : "are";
    waits.push(`Watched for ${formatAmount(minutes, "minute")}; at least ${wanted} ${are} wanted`);
  }
  return waits;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
