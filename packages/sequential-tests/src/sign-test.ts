/** A test of two kinds of differences under way; it can be asked at any time. */
export interface SignTest {
  /** Takes one difference: whether it was of the first kind. */
  add(isFirst: boolean): void;
  readonly first: number;
  readonly second: number;
  /** Natural logarithm of the e-value: how many times better than even odds the best guess did. */
  readonly logEvidence: number;
  /** The most evidence there ever was, as an anytime-valid p-value, from 0 to 1. */
  readonly pValue: number;
}

/**
 * Tests whether differences of two kinds are equally likely, to be looked at after every one.
 *
 * McNemar's null hypothesis for paired answers (Psychometrika 12, 1947): of the pairs that differ, as many
 * go one way as the other. Here it is bet against, one difference after the other, with the odds of
 * Krichevsky and Trofimov (IEEE Transactions on Information Theory 27, 1981), (n + ½)/(n₁ + n₂ + 1). The
 * product of the pay-offs is a martingale from 1 if the hypothesis holds, so that it ever reaches 1/α
 * with probability α at most (Ville, 1939; the method of mixtures of Robbins, Annals of Mathematical
 * Statistics 41, 1970).
 */
export function createSignTest(): SignTest {
  let first = 0;
  let second = 0;
  let logEvidence = 0;
  let most = 0;
  return {
    add(isFirst) {
      const likelihood = ((isFirst ? first : second) + 0.5) / (first + second + 1);
      logEvidence += Math.log(2 * likelihood);
      most = Math.max(most, logEvidence);
      if (isFirst) {
        first++;
      } else {
        second++;
      }
    },
    get first() {
      return first;
    },
    get second() {
      return second;
    },
    get logEvidence() {
      return logEvidence;
    },
    get pValue() {
      return Math.exp(-most);
    },
  };
}
