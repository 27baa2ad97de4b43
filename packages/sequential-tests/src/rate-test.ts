/** What a test of a rate has shown so far. */
export type RateVerdict = "undecided" | "tolerable" | "intolerable";

/** The two rates to tell apart and the errors to bear: shares and probabilities, all between 0 and 1. */
export interface RateTestOptions {
  /** The highest rate that is fine, above 0. */
  readonly tolerated: number;
  /** The lowest rate that must be found out, above `tolerated` and below 1. */
  readonly intolerable: number;
  /** The most probability of ever calling a tolerated rate intolerable. */
  readonly falseAlarm: number;
  /** The most probability of ever calling an intolerable rate tolerable. */
  readonly falsePass: number;
}

/** A test of a rate under way; it takes counts and can be asked at any time. */
export interface RateTest {
  /** Takes what was seen since the last call; one trial at a time decides soonest. */
  add(hits: number, trials: number): void;
  readonly verdict: RateVerdict;
  readonly hits: number;
  readonly trials: number;
  /** Natural logarithm of the likelihood of `intolerable` over that of `tolerated`. */
  readonly logRatio: number;
  /** At or above `alarm` it is intolerable, at or below `pass` tolerable. */
  readonly limits: { readonly alarm: number; readonly pass: number };
  /** How many trials without a hit would be needed from here until it is called tolerable. */
  readonly trialsToPass: number;
}

/**
 * Wald's sequential probability ratio test of a rate (Wald, "Sequential tests of statistical
 * hypotheses", Annals of Mathematical Statistics 16, 1945), to be looked at after every trial.
 *
 * The limits are 1/`falseAlarm` and `falsePass`, a little wider than Wald's own, which hold only about. At any
 * rate up to `tolerated` the likelihood ratio is a supermartingale from 1, so that it ever reaches
 * 1/`falseAlarm` with probability `falseAlarm` at most (Ville's inequality, 1939); its inverse at any
 * rate from `intolerable` on likewise. So both hold exactly, at every rate of their side, however often
 * one looks, and also when trials go on after a decision: "intolerable" is then final, and
 * "tolerable" stands until "intolerable" is reached. Trials must be independent.
 *
 * Throws a `RangeError` for rates or probabilities out of range.
 */
export function createRateTest(options: RateTestOptions): RateTest {
  const { tolerated, intolerable, falseAlarm, falsePass } = options;
  requireRange(options);
  const perHit = Math.log(intolerable / tolerated);
  const perMiss = Math.log1p(-intolerable) - Math.log1p(-tolerated);
  const limits = { alarm: -Math.log(falseAlarm), pass: Math.log(falsePass) };
  let hits = 0;
  let trials = 0;
  let verdict: RateVerdict = "undecided";
  // From the totals, not added up: no rounding gathers over millions of trials.
  const readRatio = () => hits * perHit + (trials - hits) * perMiss;
  return {
    add(moreHits, moreTrials) {
      if (!(moreHits >= 0 && moreHits <= moreTrials)) {
        throw new RangeError(`Cannot add ${moreHits} hits of ${moreTrials} trials`);
      }
      hits += moreHits;
      trials += moreTrials;
      const ratio = readRatio();
      if (ratio >= limits.alarm) verdict = "intolerable";
      else if (ratio <= limits.pass && verdict === "undecided") verdict = "tolerable";
    },
    get verdict() {
      return verdict;
    },
    get hits() {
      return hits;
    },
    get trials() {
      return trials;
    },
    get logRatio() {
      return readRatio();
    },
    limits,
    get trialsToPass() {
      const left = readRatio() - limits.pass;
      return verdict === "tolerable" ? 0 : Math.max(0, Math.ceil(left / -perMiss));
    },
  };
}

function requireRange(options: RateTestOptions): void {
  const { tolerated, intolerable, falseAlarm, falsePass } = options;
  if (!(tolerated > 0 && tolerated < intolerable && intolerable < 1)) {
    throw new RangeError(
      `Cannot tell a rate of ${tolerated} from ${intolerable}: must be 0 < tolerated < intolerable < 1`,
    );
  }
  for (const probability of [falseAlarm, falsePass]) {
    if (!(probability > 0 && probability < 0.5)) {
      throw new RangeError(
        `Cannot err with probability ${probability}: must be above 0, below 0.5`,
      );
    }
  }
}
