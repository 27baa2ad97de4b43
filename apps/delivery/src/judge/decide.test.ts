import { expect, test } from "bun:test";
import type { Promotion } from "../promote/plan-promotion.ts";
import { decideCanary, decideShadow } from "./decide.ts";
import type { CanaryVerdict } from "./judge-canary.ts";

const STABLE: Promotion = { kind: "stable", weight: 10 };

function weight(percent: number): Promotion {
  return { kind: "weight", weight: percent };
}

test.each([
  [10, "promote", "promote", weight(25)],
  [25, "promote", "promote", weight(50)],
  [30, "promote", "promote", weight(50)],
  [5, "promote", "promote", weight(10)],
  [50, "promote", "promote", STABLE],
  [80, "promote", "promote", STABLE],
  [10, "wait", "wait", undefined],
  [10, "roll back", "roll back", weight(0)],
  // Nobody is there to be taken away, and none comes back by itself.
  [0, "roll back", "wait", undefined],
  [0, "promote", "wait", undefined],
] as const)("decideCanary() at %i in 100 with %s", (share, verdict, expected, promotion) => {
  const judged: CanaryVerdict = { verdict, criteria: [] };
  const decision = decideCanary(share, judged);
  expect(decision.verdict).toBe(expected);
  expect(decision.promotion).toEqual(promotion);
});

test.each([
  [undefined, "wait", undefined],
  ["keep watching", "wait", undefined],
  ["reject", "reject", undefined],
  ["promote", "promote", { kind: "model", version: "v2" }],
] as const)("decideShadow() where shadow-report says %p", (said, verdict, promotion) => {
  const decision = decideShadow("v2", said);
  expect(decision.verdict).toBe(verdict);
  expect(decision.promotion).toEqual(promotion);
});
