// Is the canary as good as the stable version? Decided from counts alone; the error rates hold however often one asks.
import { createRateTest, type RateVerdict } from "@hookline/sequential-tests";

/** What a version did since its share last changed. */
export interface Counts {
  readonly requests: number;
  /** Answers 5xx. */
  readonly errors: number;
  /** Answers whose time was taken: none where a histogram is missing, and nothing is known of slow ones. */
  readonly timed: number;
  /** Those of them that took longer than `SLOW_MS`. */
  readonly slow: number;
  /** Checks with a guess of the visitor and a verdict of the model. */
  readonly compared: number;
  readonly disagreed: number;
}

/** The most probability of rolling back a canary that is as good as the stable version, all criteria together. */
export const FALSE_ROLLBACK = 0.05;
/** The most probability of promoting by one criterion a canary that is as bad as that criterion must find out. */
const FALSE_PROMOTION = 0.05;

/** An answer that takes longer is slow: a bucket of Istio's histogram, half of the page's time limit for its model. */
export const SLOW_MS = 500;

export interface Criterion {
  readonly name: "errors" | "slow answers" | "guesses";
  readonly verdict: RateVerdict;
  /** The evidence, in words. */
  readonly evidence: string;
}

export interface CanaryVerdict {
  readonly verdict: "promote" | "wait" | "roll back";
  readonly criteria: readonly Criterion[];
}

interface Rates {
  /** How many times as often as at the stable version it may happen at the most before it must be found out. */
  readonly ratio: number;
  /** A share of the requests that is fine whatever the stable version does, and one that is not. */
  readonly budget?: { readonly tolerated: number; readonly intolerable: number };
}

const ERRORS: Rates = { ratio: 3, budget: { tolerated: 0.001, intolerable: 0.01 } };
const SLOW: Rates = { ratio: 3, budget: { tolerated: 0.01, intolerable: 0.05 } };
const GUESSES: Rates = { ratio: 2 };
const CRITERIA = 3;

export interface JudgeCanaryOptions {
  /** Everybody gets the canary. */
  readonly isAlone?: boolean;
}

/**
 * Compares canary and stable version. An event (an error, a slow answer, a guess that the model contradicts) is the
 * canary's with the probability of its share of the trials while both are equally good: whose the events are is
 * tested by Wald's sequential test. What happens too seldom for that is held against a budget by a second one, which
 * is enough where a canary that is alone has nobody to be compared with.
 */
export function judgeCanary(
  canary: Counts,
  stable: Counts,
  { isAlone = false }: JudgeCanaryOptions = {},
): CanaryVerdict {
  const compare = (name: Criterion["name"], rates: Rates, sides: readonly [Side, Side]) =>
    judgeCriterion(name, rates, { canary: sides[0], stable: sides[1], isAlone });
  const sides = (hits: keyof Counts, trials: keyof Counts): readonly [Side, Side] => [
    { hits: canary[hits], trials: canary[trials] },
    { hits: stable[hits], trials: stable[trials] },
  ];
  const criteria = [
    compare("errors", ERRORS, sides("errors", "requests")),
    compare("slow answers", SLOW, sides("slow", "timed")),
    compare("guesses", GUESSES, sides("disagreed", "compared")),
  ];
  // Few visitors guess: that criterion can take a canary back, and holds up none.
  const required = criteria.filter(({ name }) => name !== "guesses");
  const verdict = criteria.some((each) => each.verdict === "intolerable")
    ? "roll back"
    : required.every((each) => each.verdict === "tolerable")
      ? "promote"
      : "wait";
  return { verdict, criteria };
}

interface Side {
  readonly hits: number;
  readonly trials: number;
}

interface Comparison {
  readonly canary: Side;
  readonly stable: Side;
  readonly isAlone: boolean;
}

function judgeCriterion(
  name: Criterion["name"],
  { ratio, budget }: Rates,
  { canary, stable, isAlone }: Comparison,
): Criterion {
  const errors = { falseAlarm: FALSE_ROLLBACK / CRITERIA, falsePass: FALSE_PROMOTION };
  const relative = compareShares(canary, stable, { ratio, ...errors });
  const absolute = budget === undefined ? "undecided" : testRate(canary, { ...budget, ...errors });
  // Within the budget it is fine, however few the stable version has.
  const isEnough = absolute === "tolerable" || (isAlone && relative === "undecided");
  const verdict = isEnough ? absolute : relative;
  const evidence = `${describe(canary)} at the canary, ${describe(stable)} at the stable version`;
  return { name, verdict, evidence };
}

interface ShareOptions {
  readonly ratio: number;
  readonly falseAlarm: number;
  readonly falsePass: number;
}

/** Whose the events are, against whose the trials are. */
function compareShares(canary: Side, stable: Side, options: ShareOptions): RateVerdict {
  const { ratio, ...errors } = options;
  const share = canary.trials / (canary.trials + stable.trials);
  if (!(share > 0 && share < 1)) return "undecided";
  const intolerable = (ratio * share) / (ratio * share + 1 - share);
  const events = { hits: canary.hits, trials: canary.hits + stable.hits };
  return testRate(events, { tolerated: share, intolerable, ...errors });
}

function testRate(
  { hits, trials }: Side,
  options: Parameters<typeof createRateTest>[0],
): RateVerdict {
  const test = createRateTest(options);
  test.add(hits, trials);
  return test.verdict;
}

function describe({ hits, trials }: Side): string {
  return `${hits.toLocaleString("en")} of ${trials.toLocaleString("en")}`;
}
