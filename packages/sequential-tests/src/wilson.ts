/** Ends of an interval of shares, from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, 95 % lie as near to the mean as this. */
const Z = 1.959964;

/**
 * Wilson's score interval at 95 % for a share of which `hits` of `trials` were seen.
 *
 * Unlike the one with the normal approximation it keeps its level near 0 and 1 (Wilson, "Probable
 * inference, the law of succession, and statistical inference", JASA 22, 1927; recommended by Brown, Cai and
 * DasGupta, Statistical Science 16, 2001). Its level is for one look at a number of trials fixed before:
 * who looks again and again wants a sequential test. Without trials it is all of 0 to 1. Throws a
 * `RangeError` when there are fewer than no hits, or more than trials.
 */
export function wilsonInterval(hits: number, trials: number): Interval {
  if (!(hits >= 0 && hits <= trials)) {
    throw new RangeError(`Cannot take ${hits} hits of ${trials} trials: must be 0 to that many`);
  }
  const share = hits / trials;
  const shrink = 1 + Z ** 2 / trials;
  const middle = (share + Z ** 2 / (2 * trials)) / shrink;
  const half = (Z / shrink) * Math.sqrt((share * (1 - share) + Z ** 2 / (4 * trials)) / trials);
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  };
}
