import { expect, test } from "bun:test";
import fc from "fast-check";
import { Answer } from "../schemas.ts";
import { renderAnswer, renderOutcome } from "./render-answer.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const brand = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant("verified" as const), brand: fc.string(), domain: fc.string() }),
  fc.record({
    kind: fc.constant("lookalike" as const),
    brand: fc.string({ unit: "binary" }),
    how: fc.string(),
    part: fc.string({ unit: "binary" }),
  }),
);
const explanation = fc.record({
  method: fc.constantFrom("exact" as const, "occlusion" as const),
  logit: fc.double(),
  bias: share,
  parts: fc.array(
    fc.record({
      start: fc.nat(),
      end: fc.nat(),
      text: fc.string({ unit: "binary" }),
      weight: share,
      segment: fc.constantFrom("host" as const, "path" as const),
    }),
  ),
  lexical: fc.array(fc.record({ name: fc.string(), weight: share })),
});
const DECIDERS = Answer.shape.decidedBy.options;
const answer: fc.Arbitrary<Answer> = fc.record(
  {
    prediction: fc.constantFrom("Phishing" as const, "Legitimate" as const),
    probability: share,
    threshold: share,
    confidence: fc.constantFrom("sure" as const, "unsure" as const),
    band: fc.record({ low: share, high: share }),
    atBaseRate: fc.array(fc.record({ baseRate: share, probability: share })),
    decidedBy: fc.constantFrom(...DECIDERS),
    brand,
    model: fc.record({ name: fc.constant("wide-bag"), version: fc.constant("2.0.1") }),
    explanation,
  },
  {
    requiredKeys: [
      "prediction",
      "probability",
      "threshold",
      "confidence",
      "band",
      "atBaseRate",
      "decidedBy",
      "brand",
      "model",
    ],
  },
);

test("renderAnswer() gives what JSON.stringify gives", () => {
  fc.assert(
    fc.property(answer, (value) => {
      expect(renderAnswer(value)).toBe(JSON.stringify(value));
    }),
  );
});

test("renderOutcome() gives the members of the log line", () => {
  fc.assert(
    fc.property(answer, (value) => {
      const { prediction, probability, decidedBy, model } = value;
      const outcome = { prediction, probability, decidedBy, model: model.version };
      expect(renderOutcome(value)).toBe(JSON.stringify(outcome));
    }),
  );
});

const MODEL = { name: "linear", version: "1.0.0" };
const ANSWER: Answer = {
  prediction: "Legitimate",
  probability: 0.3,
  threshold: 0.5,
  confidence: "unsure",
  band: { low: 0.1, high: 0.9 },
  atBaseRate: [],
  decidedBy: "model",
  brand: null,
  model: MODEL,
};

test.each([
  ["threshold", { threshold: 0.6 }],
  ["lower edge", { band: { low: 0.2, high: 0.9 } }],
  ["upper edge", { band: { low: 0.1, high: 0.8 } }],
  ["name", { model: { ...MODEL, name: "wide-bag" } }],
  ["version", { model: { ...MODEL, version: "1.0.1" } }],
])("an answer of another model, told by its %s, has nothing of the one before", (_, change) => {
  for (const value of [ANSWER, { ...ANSWER, ...change }]) {
    expect(renderAnswer(value)).toBe(JSON.stringify(value));
    expect(renderOutcome(value)).toContain(`"model":"${value.model.version}"`);
  }
});
