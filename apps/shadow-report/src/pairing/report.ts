import * as z from "zod";

/** The most reports of one body. */
const MOST_REPORTS = 500;

/** What ends on the page and in labels of a JSON: nothing that could break a line. */
const Name = z.string().regex(/^[\w.+-]{1,64}$/, "must be 1 to 64 letters, digits, dots or dashes");

const Explanation = z.object({
  method: z.enum(["exact", "occlusion"]),
  parts: z.array(z.object({ text: z.string().max(200), weight: z.number() })).max(12),
});

/**
 * One prediction, as a model service tells it. Fields that are not known are passed over, here and within: during a
 * rollout a newer model service may tell more than we ask.
 */
export const Report = z.object({
  requestId: z
    .string()
    .regex(/^[\w.:/+=@-]{1,128}$/, "must be an id of 1 to 128 characters without spaces"),
  role: z.enum(["live", "mirror"]),
  version: Name,
  /** With a digest of its file, since one trained anew may have both from the one before. */
  model: z.object({ name: Name, version: Name, digest: Name.optional() }),
  prediction: z.enum(["Phishing", "Legitimate"]),
  /** Absent from a model service that is older than this. */
  confidence: z.enum(["sure", "unsure"]).optional(),
  /** The model, or the rule that did: a newer model service may have a rule that is not known here. Absent from an older one. */
  decidedBy: Name.optional(),
  /** The model's, whoever decided. */
  probability: z.number().min(0).max(1),
  latencyMs: z.number().min(0).max(3_600_000),
  url: z.string().min(1).max(600),
  explanation: Explanation.optional(),
});

export const Reports = z.strictObject({ reports: z.array(Report).min(1).max(MOST_REPORTS) });

export type Report = Readonly<z.output<typeof Report>>;
export type Explanation = Readonly<z.output<typeof Explanation>>;
export type Role = Report["role"];
export type Prediction = Report["prediction"];
