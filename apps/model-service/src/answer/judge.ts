import type { Card } from "../model/card.ts";
import type { Scored } from "../model/queue.ts";
import type { Answer, BrandFinding, Explanation } from "../schemas.ts";

/** Shares of phishing among all URLs for which the probability is told as well. */
const BASE_RATES = [0.01, 0.001] as const;

interface Judged extends Scored {
  readonly explanation?: Explanation;
}

/**
 * The answer for one scored URL.
 *
 * A brand finding overrules the model's verdict but not its probability, and counts as sure: a rule
 * has no band.
 */
export function judge(scored: Judged, brand: BrandFinding | undefined): Answer {
  const { probability, explanation } = scored;
  const { card } = scored.model;
  const phishing = brand === undefined ? probability >= card.threshold : brand.kind === "lookalike";
  const unsure =
    brand === undefined && probability >= card.unsure.low && probability < card.unsure.high;
  return {
    prediction: phishing ? "Phishing" : "Legitimate",
    probability,
    threshold: card.threshold,
    confidence: unsure ? "unsure" : "sure",
    band: { low: card.unsure.low, high: card.unsure.high },
    atBaseRate: BASE_RATES.map((baseRate) => ({
      baseRate,
      probability: shiftPrior(probability, card, baseRate),
    })),
    decidedBy: brand === undefined ? "model" : "brand-rule",
    brand: brand ?? null,
    model: { name: card.name, version: card.version },
    ...(explanation && { explanation }),
  };
}

/**
 * The probability where a share `baseRate` of all URLs is phishing, from one that was calibrated
 * where the share was `prior`: Bayes' rule with the odds times the ratio of the prior odds (Elkan,
 * "The foundations of cost-sensitive learning", 2001, theorem 2).
 */
export function shiftPrior(
  probability: number,
  { prior }: Pick<Card, "prior">,
  baseRate: number,
): number {
  const ratio = (baseRate * (1 - prior)) / ((1 - baseRate) * prior);
  return (probability * ratio) / (probability * ratio + (1 - probability));
}
