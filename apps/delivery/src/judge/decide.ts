import type { Promotion } from "../promote/plan-promotion.ts";
import { FIRST_WEIGHT } from "../promote/plan-promotion.ts";
import type { CanaryVerdict } from "./judge-canary.ts";
import type { ShadowVerdict } from "./read-evidence.ts";

/** What is to be done with the canary or with the model in the shadow, and why. */
export interface Decision {
  readonly what: "canary" | "shadow";
  readonly verdict: "promote" | "wait" | "roll back" | "reject";
  /** The promotion that makes it so; absent where nothing is to be done. */
  readonly promotion?: Promotion;
  readonly reasons: readonly string[];
}

/** The shares that a canary climbs before everybody gets it. */
const STEPS = [FIRST_WEIGHT, 25, 50];

/** The next step of the canary. */
export function decideCanary(weight: number, { verdict, criteria }: CanaryVerdict): Decision {
  const reasons = criteria.map((each) => `${each.name}: ${each.verdict}, ${each.evidence}`);
  if (verdict === "roll back" && weight > 0) {
    return { what: "canary", verdict, promotion: { kind: "weight", weight: 0 }, reasons };
  }
  if (weight === 0) {
    return { what: "canary", verdict: "wait", reasons: ["nobody is sent to it", ...reasons] };
  }
  if (verdict !== "promote") return { what: "canary", verdict: "wait", reasons };
  const next = STEPS.find((step) => step > weight);
  const promotion: Promotion =
    next === undefined
      ? { kind: "stable", weight: FIRST_WEIGHT }
      : { kind: "weight", weight: next };
  return { what: "canary", verdict, promotion, reasons };
}

/** What shadow-report's tests mean for the model in the shadow; `version` is its label. */
export function decideShadow(version: string, verdict: ShadowVerdict | undefined): Decision {
  const what = "shadow";
  if (verdict === undefined)
    return { what, verdict: "wait", reasons: ["shadow-report says nothing"] };
  const reasons = [`shadow-report says: ${verdict}`];
  if (verdict === "promote")
    return { what, verdict, promotion: { kind: "model", version }, reasons };
  return { what, verdict: verdict === "reject" ? "reject" : "wait", reasons };
}
