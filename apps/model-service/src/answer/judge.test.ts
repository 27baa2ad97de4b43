import { describe, expect, test } from "bun:test";
import { CARD, FakeModel } from "../testing/fake-model.ts";
import { judge, shiftPrior } from "./judge.ts";

const scored = (probability: number) => ({ model: new FakeModel(), probability, logit: 0 });

describe("judge()", () => {
  test.each([
    [0.6, "Phishing", "sure"],
    [0.5999, "Legitimate", "unsure"],
    [0.4, "Legitimate", "unsure"],
    [0.3999, "Legitimate", "sure"],
  ] as const)("a probability of %p is %s and %s", (probability, prediction, confidence) => {
    const answer = judge(scored(probability), undefined);
    expect(answer).toMatchObject({ prediction, confidence, decidedBy: "model", brand: null });
  });

  test.each([
    [
      "a look-alike",
      0.1,
      { kind: "lookalike", brand: "Bank", how: "edit", part: "bamk" },
      "Phishing",
    ],
    ["a brand", 0.99, { kind: "verified", brand: "Bank", domain: "bank.example" }, "Legitimate"],
    [
      "an unsure brand",
      0.5,
      { kind: "verified", brand: "Bank", domain: "bank.example" },
      "Legitimate",
    ],
  ] as const)("the rule decides on %s, and is sure", (_, probability, brand, prediction) => {
    expect(judge(scored(probability), brand)).toMatchObject({
      probability,
      prediction,
      brand,
      confidence: "sure",
      decidedBy: "brand-rule",
    });
  });

  test.each([
    [0.01, "Legitimate"],
    [0.99, "Phishing"],
  ] as const)("an address that forwards is unsure at %p", (probability, prediction) => {
    const answer = judge(scored(probability), undefined, "shortener-rule");
    expect(answer).toMatchObject({ prediction, confidence: "unsure", decidedBy: "shortener-rule" });
  });

  test.each([
    [0.01, "Legitimate"],
    [0.99, "Phishing"],
  ] as const)(
    "a brand's host where anyone can publish is unsure at %p",
    (probability, prediction) => {
      const decidedBy = "open-host-rule";
      const answer = judge(scored(probability), undefined, decidedBy);
      expect(answer).toMatchObject({ prediction, confidence: "unsure", decidedBy });
    },
  );

  test("a brand finding goes before the rule for addresses that forward", () => {
    const brand = { kind: "verified", brand: "Bank", domain: "bank.example" } as const;
    const answer = judge(scored(0.99), brand, "shortener-rule");
    expect(answer).toMatchObject({ confidence: "sure", decidedBy: "brand-rule" });
  });
});

describe("shiftPrior()", () => {
  test.each([
    [0.5, 0.01, 0.01],
    [0.9, 0.01, 1 / 12],
    [0.9, 0.5, 0.9],
    [0, 0.01, 0],
    [1, 0.001, 1],
  ])("turns %p at half into that at %p", (probability, baseRate, expected) => {
    expect(shiftPrior(probability, CARD, baseRate)).toBeCloseTo(expected, 12);
  });

  test("leaves a probability that was calibrated at the base rate", () => {
    expect(shiftPrior(0.7, { prior: 0.2 }, 0.2)).toBeCloseTo(0.7, 12);
  });

  // 6,000 legitimate and 12,000 phishing sites: ratios from 1/4,000 to 2,000.
  const val = { rows: 30_000, phishing: 20_000, legitimate: 10_000, sites: 18_000 };
  test.each([
    [0.999, 999, "what it says"],
    [0.9999, 2000, "the bound"],
    [1, 2000, "the bound"],
    [0.001, 1 / 999, "what it says"],
    [0.0001, 1 / 4000, "the bound"],
    [0, 1 / 4000, "the bound"],
  ])("lets %p count for odds of %p: %s", (probability, odds) => {
    for (const baseRate of [0.5, 0.01, 0.001]) {
      const shifted = (odds * baseRate) / (1 - baseRate);
      const given = shiftPrior(probability, { prior: 0.5, metrics: { val } }, baseRate);
      expect(given).toBeCloseTo(shifted / (1 + shifted), 12);
    }
  });

  test("lets a score count for nothing when nothing was looked at", () => {
    const none = { rows: 2, phishing: 1, legitimate: 1, sites: 2 };
    const card = { prior: 0.5, metrics: { val: none } };
    expect(shiftPrior(0.999, card, 0.01)).toBeCloseTo(0.01, 12);
    expect(shiftPrior(0.001, card, 0.01)).toBeCloseTo(0.01, 12);
  });
});
