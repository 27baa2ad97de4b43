import type { Card } from "../model/card.ts";
import type { Scored } from "../model/queue.ts";
import type { Answer, BrandFinding, Explanation } from "../schemas.ts";

/** Shares of phishing among all URLs for which the probability is told as well. */
export const BASE_RATES = [0.01, 0.001] as const;

/**
 * Why an address cannot be judged by its text: it only forwards to another, or it is of a private
 * network and so another page for each who asks, neither of which the model saw in training; or
 * anyone can publish on the host of a brand, so that the brand's own pages and others' look alike.
 */
export type Doubt = "shortener-rule" | "private-host-rule" | "open-host-rule";

interface Judged extends Scored {
  readonly explanation?: Explanation;
}

/**
 * The answer for one scored URL.
 *
 * A brand finding overrules the model's verdict but not its probability, and counts as sure: a rule
 * has no band. An address that its text cannot judge (`doubt`) is always unsure.
 */
export function judge(scored: Judged, brand: BrandFinding | undefined, doubt?: Doubt): Answer {
  const { probability, explanation } = scored;
  const { card } = scored.model;
  const phishing = brand === undefined ? probability >= card.threshold : brand.kind === "lookalike";
  const inBand = probability >= card.unsure.low && probability < card.unsure.high;
  const answer: Answer = {
    prediction: phishing ? "Phishing" : "Legitimate",
    probability,
    threshold: card.threshold,
    confidence: brand === undefined && (inBand || doubt !== undefined) ? "unsure" : "sure",
    band: { low: card.unsure.low, high: card.unsure.high },
    atBaseRate: BASE_RATES.map((baseRate) => ({
      baseRate,
      probability: shiftPrior(probability, card, baseRate),
    })),
    decidedBy: brand === undefined ? (doubt ?? "model") : "brand-rule",
    brand: brand ?? null,
    model: { name: card.name, version: card.version },
  };
  return explanation === undefined ? answer : { ...answer, explanation };
}

/**
 * The probability where a share `baseRate` of all URLs is phishing, from one that was calibrated
 * where the share was `prior`: Bayes' rule with the odds times the ratio of the prior odds (Elkan,
 * "The foundations of cost-sensitive learning", 2001, theorem 2).
 *
 * What the score says (the likelihood ratio of phishing to legitimate) is taken for no more than
 * the calibration rows can bear out, and no less than its inverse: see `boundRatio`.
 */
export function shiftPrior(
  probability: number,
  card: Pick<Card, "prior" | "metrics">,
  baseRate: number,
): number {
  const odds = probability / (1 - probability);
  const ratio = boundRatio((odds * (1 - card.prior)) / card.prior, card);
  const shifted = (ratio * baseRate) / (1 - baseRate);
  return shifted === Number.POSITIVE_INFINITY ? 1 : shifted / (1 + shifted);
}

/**
 * Bounds a likelihood ratio by the rule of three: what was not seen once in n independent trials has
 * a rate of up to 3/n at 95 % confidence (Hanley and Lippman-Hand, JAMA 249, 1983). So even a score
 * that no legitimate site had may be that of 3 in n of them: the ratio is at most n/3, and in the same way at
 * least 3/m for m phishing sites. Rows of one site are no independent trials: sites are counted,
 * shared out to the labels as the rows are.
 */
function boundRatio(ratio: number, { metrics }: Pick<Card, "metrics">): number {
  if (metrics === undefined) {
    return ratio;
  }
  const { rows, sites, phishing, legitimate } = metrics.val;
  const most = (sites * legitimate) / rows / 3;
  const least = 3 / ((sites * phishing) / rows);
  return Math.min(Math.max(ratio, Math.min(least, 1)), Math.max(most, 1));
}
