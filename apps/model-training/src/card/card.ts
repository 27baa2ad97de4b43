// card.json: what is known of a trained model. The service reads a part of it (threshold, band,
// prior, drift …); the whole is for people and for tests.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrainingError } from "../errors.ts";

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const Estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const Figures = z.strictObject({
  accuracy: Estimate,
  f1: Estimate,
  auc: Estimate,
  tprAtFpr1: Estimate,
  tprAtFpr01: Estimate,
  logLoss: Estimate,
  brier: Estimate,
  ece: Estimate,
  frozenFpr: Estimate,
  frozenTpr: Estimate,
  frozenAccuracy: Estimate,
  frozenF1: Estimate,
});

const SetFigures = z.strictObject({
  rows: count,
  phishing: count,
  legitimate: count,
  sites: count,
  ...Figures.shape,
  /** Outside the unsure band. */
  sure: z.strictObject({ coverage: share, accuracy: share }),
  points: z.array(
    z.strictObject({ targetFpr: share, threshold: z.number(), fpr: share, tpr: share }),
  ),
});

const Count = z.strictObject({ rows: count, flagged: count });
const Slice = z.strictObject({ name: z.string(), legitimate: Count, phishing: Count });
const Slices = z.record(z.string(), z.array(Slice));
const Histogram = z.strictObject({ edges: z.array(z.number()), shares: z.array(share) });

const DataFile = z.strictObject({
  role: z.enum(["train", "val", "test", "holdout"]),
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The same model trained without leaving any source out, for comparison; it is not shipped. */
const Twin = z.strictObject({
  excluded: z.array(z.string()),
  seed: z.int(),
  trainRows: count,
  threshold: z.number(),
  test: SetFigures,
  holdout: SetFigures.optional(),
});

export const Card = z.strictObject({
  format: z.literal(1),
  name: z.enum(["linear", "wide-bag"]),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  created: z.iso.datetime(),
  contract: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: count,
  seed: z.int(),
  /** Every seed that was trained, with the log loss on val of its model; `seed` has the lowest. */
  seedsTried: z.array(z.strictObject({ seed: z.int(), valLogLoss: z.number() })).min(1),
  trainer: z.strictObject({ name: z.string(), version: z.string(), revision: z.string() }),
  threshold: z.number().min(0),
  thresholdChosen: z.strictObject({
    on: z.string(),
    targetFpr: share,
    rowsPerDomain: z.int().min(1),
  }),
  unsure: z.strictObject({
    low: z.number().min(0),
    high: z.number().min(0),
    missRate: share,
    coverage: share,
    accuracy: share,
  }),
  prior: share,
  precisionAt: z.array(
    z.strictObject({ baseRate: share, precision: share, holdout: share.optional() }),
  ),
  data: z.strictObject({
    files: z.array(DataFile),
    trainRows: count,
    trainPhishing: count,
    valRows: count,
    excluded: z.array(z.string()),
    /** Rows of each set whose text is no URL, which were passed over; absent from cards before it was counted. */
    notUrls: z.record(z.string(), count).optional(),
    /** Training rows whose site is also in another set. */
    shared: z.record(z.string(), count),
    sources: z.array(
      z.strictObject({
        name: z.string(),
        label: z.enum(["phishing", "legitimate"]),
        rows: count,
        licence: z.string(),
        used: z.boolean(),
      }),
    ),
  }),
  metrics: z.strictObject({
    val: SetFigures,
    test: SetFigures,
    holdout: SetFigures.optional(),
    twin: Twin.optional(),
  }),
  slices: Slices,
  sources: Slices,
  flips: z.strictObject({
    urls: count,
    rewrites: z.array(z.strictObject({ rewrite: z.string(), urls: count, flips: count })),
  }),
  drift: z.strictObject({ probability: Histogram, length: Histogram }),
});

export type Card = z.infer<typeof Card>;
export type SetFigures = z.infer<typeof SetFigures>;
export type SliceFigures = z.infer<typeof Slice>;

/** The names of the files of a model folder that programs read. */
export const MODEL_FILE = "model.onnx";
export const CARD_FILE = "card.json";

/** The card of a model folder. Throws a TrainingError that names the first field that is wrong. */
export async function readCard(folder: string): Promise<Card> {
  const path = join(folder, CARD_FILE);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw broken(`Cannot read the model "${folder}": it has no ${CARD_FILE}`, cause);
  });
  const parsed = Card.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw broken(`Cannot read "${path}": ${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(`Cannot read "${path}": it is not JSON`, cause);
  }
}

function broken(message: string, cause: unknown): TrainingError {
  return new TrainingError("MODEL_BROKEN", message, { cause });
}
