import { z } from "zod";

// What model-service says about one URL, as far as the page uses it. Fields we do not know are
// dropped, not refused: the model may be a release ahead of the page (canary, shadow).

const Share = z.number().min(0).max(1);
// Names are shown as they are, so nothing in them may be invisible or turn the line.
const Label = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u);

const BrandFinding = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("verified"), brand: Label, domain: Label }),
  z.object({
    kind: z.literal("lookalike"),
    brand: Label,
    how: Label,
    part: z.string().max(2_048),
  }),
]);
export type BrandFinding = z.infer<typeof BrandFinding>;

const Offset = z.int().min(0);

const Part = z.object({
  /** UTF-16 offsets into the URL as it was sent. */
  start: Offset,
  end: Offset,
  text: z.string(),
  /** Change of the log-odds; above zero speaks for phishing. */
  weight: z.number(),
  segment: z.enum(["host", "path", "query", "url"]),
});
export type Part = z.infer<typeof Part>;

const Lexical = z.object({ name: Label, weight: z.number() });
export type Lexical = z.infer<typeof Lexical>;

const Explanation = z.object({
  method: z.enum(["exact", "occlusion"]),
  parts: z.array(Part).max(5_000),
  lexical: z.array(Lexical).max(200),
});
export type Explanation = z.infer<typeof Explanation>;

/** Parses the body of a 200 of `POST /predict?explain=true`. */
export const ModelAnswer = z.object({
  prediction: z.enum(["Phishing", "Legitimate"]),
  probability: Share,
  threshold: Share,
  confidence: z.enum(["sure", "unsure"]),
  band: z.object({ low: Share, high: Share }).refine(({ low, high }) => low <= high),
  atBaseRate: z.array(z.object({ baseRate: Share, probability: Share })).max(8),
  /** `model`, or the name of a rule; a newer model may have one that is new to us. */
  decidedBy: Label,
  brand: BrandFinding.nullable(),
  model: z.object({ name: Label, version: Label }),
  // The verdict is worth showing without its reasons: an explanation that is new to us counts as none.
  explanation: Explanation.optional().catch(undefined),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** Parses the error body that model-service sends with a 4xx. */
export const ModelError = z.object({
  error: z.object({ code: Label, message: z.string().min(1).max(500) }),
});
