import { createRateTest, createSignTest, type RateTest } from "@hookline/sequential-tests";
import { findWarningChange, type Pair } from "../pairing/pair.ts";
import { createSeen } from "./seen.ts";

export interface TrialOptions {
  /** Of all URLs, the share that may get a warning (be phishing to their visitor, not unsure) from the mirror only. */
  readonly newWarnings: { readonly tolerated: number; readonly intolerable: number };
  /** Of all URLs, the share whose warning by the live model the mirror may take away. */
  readonly lostWarnings: { readonly tolerated: number; readonly intolerable: number };
  /** The most probability to reject though both shares are tolerated. */
  readonly falseReject: number;
  /** The most probability to promote though one share is intolerable. */
  readonly falsePromote: number;
}

/** The two directions of disagreement, each against its own limits, and whether they lean. */
export interface Trial {
  /** Takes a pair, unless its URL was taken before. */
  add(pair: Pair): void;
  /** URLs taken. */
  readonly urls: number;
  readonly newWarnings: RateTest;
  readonly lostWarnings: RateTest;
  /** Whether disagreements go one way more than the other. It decides nothing: a better model may lean. */
  readonly lean: {
    readonly newWarnings: number;
    readonly lostWarnings: number;
    readonly pValue: number;
  };
}

/**
 * The paired test behind the verdict.
 *
 * There are no labels at run time: nobody can say which model is right, only where a change of model would be
 * felt. Of each URL it is asked whether its visitor would get a warning that they do not get today, and
 * whether they would lose one. Each of the two shares is tested with Wald's sequential test at its own
 * limits. A reject needs one of the two alarms, so that each has half of `falseReject` (Bonferroni); a
 * promote needs both passes, so that each may have all of `falsePromote`: if one share is intolerable, its
 * own test would have to err.
 *
 * A URL counts once, because what one visitor repeats is no new evidence.
 */
export function createTrial({
  newWarnings: newLimits,
  lostWarnings: lostLimits,
  falseReject,
  falsePromote,
}: TrialOptions): Trial {
  const errors = { falseAlarm: falseReject / 2, falsePass: falsePromote };
  const newWarnings = createRateTest({ ...newLimits, ...errors });
  const lostWarnings = createRateTest({ ...lostLimits, ...errors });
  const signTest = createSignTest();
  const isSeen = createSeen();
  return {
    add(pair) {
      if (isSeen(pair.live.url)) {
        return;
      }
      const change = findWarningChange(pair);
      newWarnings.add(change === "new" ? 1 : 0, 1);
      lostWarnings.add(change === "lost" ? 1 : 0, 1);
      if (change !== undefined) {
        signTest.add(change === "new");
      }
    },
    get urls() {
      return newWarnings.trials;
    },
    newWarnings,
    lostWarnings,
    get lean() {
      const { first, second, pValue } = signTest;
      return { newWarnings: first, lostWarnings: second, pValue };
    },
  };
}
