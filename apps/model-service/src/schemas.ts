import { z } from "./zod.ts";

/** The longest URL we take, in UTF-16 units. */
export const MOST_CHARACTERS = 2048;
/** The most URLs of one JSON batch; NDJSON has no such limit. */
const MOST_URLS = 1000;

const Probability = z.number().check(z.minimum(0), z.maximum(1));

/** Text that may be a URL: what canonicalising decides comes later. */
const UrlText = z.string().check(
  z.minLength(1, "it is empty"),
  z.maxLength(MOST_CHARACTERS, `it has more than ${MOST_CHARACTERS} characters`),
  z.meta({
    description: "A web address as it was seen, with or without its scheme. It is never fetched.",
    examples: ["http://paypal-login.example.net/verify?id=1"],
  }),
);

export const PredictBody = z.strictObject({ url: UrlText }).check(z.meta({ id: "PredictRequest" }));

export const BatchBody = z
  .strictObject({
    urls: z.array(z.string()).check(
      z.minLength(1),
      z.maxLength(MOST_URLS),
      z.meta({
        description: "Each is judged by itself: a wrong one gets an error in its place.",
      }),
    ),
  })
  .check(z.meta({ id: "BatchRequest" }));

/** One line of NDJSON: the URL itself, or an object as for /predict. */
export const Line = z.union([z.string(), z.strictObject({ url: z.string() })]);

const DECIDERS = [
  "model",
  "brand-rule",
  "shortener-rule",
  "private-host-rule",
  "open-host-rule",
] as const;

const Prediction = z.enum(["Phishing", "Legitimate"]);

export const BrandFinding = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("verified"), brand: z.string(), domain: z.string() }),
    z.strictObject({
      kind: z.literal("lookalike"),
      brand: z.string(),
      how: z.string(),
      part: z.string(),
    }),
  ])
  .check(z.meta({ id: "BrandFinding" }));

const ModelName = z.strictObject({ name: z.string(), version: z.string() });

const Part = z
  .strictObject({
    start: z.int().check(z.minimum(0)),
    end: z.int().check(z.minimum(1)),
    text: z.string(),
    weight: z.number(),
    segment: z.enum(["host", "path", "query"]),
  })
  .check(
    z.meta({
      description: "A piece of the URL as sent; start and end are UTF-16 offsets into it.",
    }),
  );

export const Explanation = z
  .strictObject({
    method: z.enum(["exact", "occlusion"]).check(
      z.meta({
        description:
          "exact: bias, parts and lexical add up to the logit. occlusion: each weight is what the logit loses without that piece; they need not add up.",
      }),
    ),
    logit: z.number(),
    bias: z.number(),
    parts: z.array(Part),
    lexical: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
  })
  .check(z.meta({ id: "Explanation" }));

export const Answer = z
  .strictObject({
    prediction: Prediction,
    probability: Probability.check(
      z.meta({ description: "What the model says; a brand rule leaves it." }),
    ),
    threshold: Probability,
    confidence: z.enum(["sure", "unsure"]).check(
      z.meta({
        description:
          "unsure: inside the band, or an address that its text cannot judge, by a rule that decidedBy names.",
      }),
    ),
    band: z.strictObject({ low: Probability, high: Probability }),
    atBaseRate: z.array(z.strictObject({ baseRate: Probability, probability: Probability })).check(
      z.meta({
        description:
          "The probability where only this share of all URLs is phishing. It claims no more than the calibration bears out: a score counts at most as if 3 in n sites of the other kind had it, of the n that were looked at.",
      }),
    ),
    decidedBy: z.enum(DECIDERS).check(
      z.meta({
        description:
          "shortener-rule: the address only forwards (a short link, a redirect page). private-host-rule: it is of a private network or of the machine itself. open-host-rule: it is on a host of a listed brand, or a part of one, where anyone can publish (where people only post within the brand's pages, unless the model says legitimate). Of these, any verdict is unsure.",
      }),
    ),
    brand: z.nullable(BrandFinding),
    model: ModelName,
    explanation: z.optional(Explanation),
  })
  .check(z.meta({ id: "Answer" }));

export const ErrorBody = z
  .strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) })
  .check(z.meta({ id: "Error" }));

export const BatchAnswer = z
  .strictObject({ results: z.array(z.union([Answer, ErrorBody])) })
  .check(z.meta({ id: "BatchAnswer" }));

export const VersionAnswer = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    revision: z.string(),
    model: z.nullable(ModelName),
  })
  .check(z.meta({ id: "Version" }));

export const Status = z.strictObject({ status: z.string() }).check(z.meta({ id: "Status" }));

export type PredictBody = z.output<typeof PredictBody>;
export type Answer = Readonly<z.output<typeof Answer>>;
export type BrandFinding = Readonly<z.output<typeof BrandFinding>>;
export type Explanation = Readonly<z.output<typeof Explanation>>;
