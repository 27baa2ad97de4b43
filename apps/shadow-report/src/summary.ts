// What is told of a window, as JSON and on the page.

import type { RateTest } from "@hookline/sequential-tests";
import { wilsonInterval } from "@hookline/sequential-tests";
import type { Comparison } from "./comparison/comparison.ts";
import { readQuantile, type Steps } from "./comparison/histogram.ts";
import {
  findCell,
  LATENCY_DIFFERENCE_STEPS,
  LATENCY_STEPS,
  SCORE_STEPS,
  type Tally,
} from "./comparison/tally.ts";
import type { TrialOptions } from "./comparison/trial.ts";
import { decide } from "./comparison/verdict.ts";
import { VERDICTS, type Verdict } from "./pairing/pair.ts";
import type { Outcome } from "./pairing/pairer.ts";

/** How far back one may look, in minutes. */
export const WINDOWS = { "5m": 5, "15m": 15, "1h": 60, "6h": 360, "24h": 1440 } as const;
export type Window = keyof typeof WINDOWS;

export interface SummarySettings extends TrialOptions {
  readonly unpairedTolerated: number;
  readonly watchMs: number;
}

export interface SummariseOptions {
  readonly window: Window;
  readonly comparison: Comparison;
  /** Requests of the window and of the last hour, by what became of them. */
  readonly outcomes: Outcomes;
  readonly outcomesOfHour: Outcomes;
  readonly settings: SummarySettings;
  readonly now: number;
}

export type Outcomes = Readonly<Record<Outcome, number>>;
export type Summary = ReturnType<typeof summarise>;

/** All that the page and the API tell of a window. */
export function summarise({
  window,
  comparison,
  outcomes,
  settings,
  now,
  ...rest
}: SummariseOptions) {
  const { tally, differences } = comparison.read(WINDOWS[window]);
  const { trial, live, mirror, since } = comparison;
  const decision = decide({
    trial,
    watchedMs: now - since,
    watchMs: settings.watchMs,
    unpairedShare: summariseUnpaired(rest.outcomesOfHour).share ?? 0,
    unpairedTolerated: settings.unpairedTolerated,
  });
  return {
    window,
    models: { live, mirror },
    ...summariseVerdicts(tally),
    score: summariseScores(tally),
    latencyMs: summariseLatencies(tally),
    unpaired: summariseUnpaired(outcomes),
    notCounted: { conflicting: outcomes.conflicting, evicted: outcomes.evicted },
    differences: differences.all,
    verdict: {
      ...decision,
      since: new Date(since).toISOString(),
      urls: trial.urls,
      falseReject: settings.falseReject,
      falsePromote: settings.falsePromote,
      newWarnings: tellTest(trial.newWarnings, settings.newWarnings),
      lostWarnings: tellTest(trial.lostWarnings, settings.lostWarnings),
      lean: trial.lean,
    },
  };
}

/** The requests with one report only, and their share of those that were given their time. */
export function summariseUnpaired(outcomes: Outcomes) {
  const { "live-only": live, "mirror-only": mirror, paired } = outcomes;
  const all = paired + live + mirror;
  return { share: all === 0 ? undefined : (live + mirror) / all, live, mirror };
}

/** The share of pairs with one verdict, and the table of the three. */
function summariseVerdicts({ verdicts }: Pick<Tally, "verdicts">) {
  const pairs = verdicts.reduce((sum, count) => sum + count, 0);
  const count = (live: Verdict, mirror: Verdict) => Number(verdicts[findCell(live, mirror)]);
  const row = (live: Verdict) => ({
    Legitimate: count(live, "Legitimate"),
    Unsure: count(live, "Unsure"),
    Phishing: count(live, "Phishing"),
  });
  const agreed = VERDICTS.reduce((sum, verdict) => sum + count(verdict, verdict), 0);
  return {
    pairs,
    agreement: {
      agreed,
      share: pairs === 0 ? undefined : agreed / pairs,
      interval: { ...wilsonInterval(agreed, pairs), confidence: 0.95, method: "Wilson" as const },
    },
    /** The live model's verdict, then the mirror's. */
    confusion: {
      Legitimate: row("Legitimate"),
      Unsure: row("Unsure"),
      Phishing: row("Phishing"),
    },
  };
}

function summariseScores({ scoreDifferences: counts, sums, verdicts }: Tally) {
  const pairs = verdicts.reduce((sum, count) => sum + count, 0);
  const [sum = 0, squares = 0] = sums;
  const mean = pairs === 0 ? undefined : sum / pairs;
  return {
    mean,
    standardDeviation:
      mean === undefined ? undefined : Math.sqrt(Math.max(0, squares / pairs - mean ** 2)),
    ...readQuantiles(SCORE_STEPS, counts, { p5: 0.05, median: 0.5, p95: 0.95 }),
    steps: Array.from(counts, (count, i) => ({
      from: Number(SCORE_STEPS.edges[i]),
      to: Number(SCORE_STEPS.edges[i + 1]),
      count,
    })),
  };
}

function summariseLatencies(tally: Tally) {
  const { liveLatencies, mirrorLatencies, latencyDifferences, sums, verdicts } = tally;
  const pairs = verdicts.reduce((sum, count) => sum + count, 0);
  const shares = { median: 0.5, p95: 0.95, p99: 0.99 };
  return {
    live: readQuantiles(LATENCY_STEPS, liveLatencies, shares),
    mirror: readQuantiles(LATENCY_STEPS, mirrorLatencies, shares),
    difference: {
      mean: pairs === 0 ? undefined : Number(sums[2]) / pairs,
      ...readQuantiles(LATENCY_DIFFERENCE_STEPS, latencyDifferences, {
        p5: 0.05,
        median: 0.5,
        p95: 0.95,
      }),
    },
  };
}

function readQuantiles<Name extends string>(
  steps: Steps,
  counts: Float64Array,
  shares: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number | undefined>>;
function readQuantiles(
  steps: Steps,
  counts: Float64Array,
  shares: Readonly<Record<string, number>>,
) {
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, readQuantile(steps, { counts, share })]),
  );
}

function tellTest(test: RateTest, limits: TrialOptions["newWarnings"]) {
  const { verdict, hits, trials, logRatio, trialsToPass } = test;
  const share = trials === 0 ? undefined : hits / trials;
  return { ...limits, verdict, hits, trials, share, logRatio, limits: test.limits, trialsToPass };
}
