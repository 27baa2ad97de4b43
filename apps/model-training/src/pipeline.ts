// From files of labelled URLs to one model and everything that is known of it:
// survey → train → quantise → calibrate → export → score the exported file → decide → measure.
import { canonicalise, featurise } from "@hookline/lib-ml";
import type { Run } from "./card/build-card.ts";
import { type ReadRowsOptions, readRows } from "./dataset.ts";
import { decide, measureSet, type SetReport } from "./evaluate/evaluate.ts";
import { type EvaluationSet, readEvaluationSet, scoreSet } from "./evaluate/evaluation-set.ts";
import { sampleIndices } from "./evaluate/random.ts";
import { countFlips } from "./evaluate/rewrites.ts";
import { openScorer, type UrlScorer } from "./evaluate/score.ts";
import { meanLogLoss, type Scored } from "./evaluate/scored.ts";
import { buildOnnx } from "./export/build-onnx.ts";
import { calibrate } from "./export/calibrate.ts";
import { quantise } from "./export/quantise.ts";
import { createScorer } from "./learn/scorer.ts";
import { type TrainProgress, train } from "./learn/train.ts";
import type { ModelKind, Weights } from "./learn/weights.ts";
import type { DataFiles } from "./roles.ts";
import { type Survey, surveyFiles } from "./survey.ts";

/** What a run is doing; a stage that counts rows tells how far it is. */
export interface RunProgress {
  readonly stage: "survey" | "train" | "export" | "evaluate";
  readonly training?: TrainProgress;
  /** Which training this is, where several seeds are tried. */
  readonly seed?: number;
}

export interface RunOptions {
  readonly kind: ModelKind;
  readonly files: DataFiles;
  readonly excludeSources: readonly string[];
  /** The model is trained with each; the one with the lowest log loss on val is kept. */
  readonly seeds: readonly [number, ...number[]];
  /** Draws of domains for the intervals. */
  readonly replicates?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** URLs of the test rows that are written in other ways to count flips. */
const FLIP_URLS = 20_000;

/** Trains and measures one model. Throws a TrainingError, or the signal's reason when told to stop. */
export async function runTraining(options: RunOptions): Promise<Run> {
  const { kind, files, signal } = options;
  const tell = (progress: RunProgress) => options.onProgress?.(progress);
  const reading = signal === undefined ? {} : { signal };
  const learning = { ...reading, excludeSources: options.excludeSources };

  tell({ stage: "survey" });
  // Validation rows choose threshold and calibration, so what is excluded is excluded there too.
  const sets = await readSets(files, reading, learning);
  const surveys = await survey(files, sets, learning);

  const { scorer, ...best } = await trainBest(sets.val, surveys.train, { ...options, learning });

  tell({ stage: "evaluate" });
  try {
    const measured = await measure(sets, { ...options, ...best, scorer });
    return { kind, ...best, excluded: options.excludeSources, surveys, ...measured };
  } finally {
    await scorer.close();
  }
}

/** A trained and exported model, open to be asked. */
interface Trained {
  readonly seed: number;
  readonly model: Uint8Array;
  readonly scorer: UrlScorer;
  /** What the exported file says of the validation rows. */
  readonly scoredVal: Scored;
}

type Best = Trained & Pick<Run, "tried">;

/** Trains with each seed and keeps the model with the lowest log loss on val, of equals the first. */
async function trainBest(
  val: EvaluationSet,
  { rows: expectedRows }: Survey,
  options: RunOptions & { readonly learning: ReadRowsOptions },
): Promise<Best> {
  const { kind, files, seeds, signal, learning } = options;
  const tried: { seed: number; valLogLoss: number }[] = [];
  let best: (Trained & { readonly valLogLoss: number }) | undefined;
  for (const seed of seeds) {
    const tell = (progress: RunProgress) =>
      options.onProgress?.(seeds.length > 1 ? { ...progress, seed } : progress);
    const weights = await train(kind, () => readRows(files.train, learning), {
      ...(signal && { signal }),
      seed,
      expectedRows,
      onProgress: (training) => tell({ stage: "train", training }),
    });
    tell({ stage: "export" });
    const model = exportModel(weights, val);
    const scorer = await openScorer(model);
    const scoredVal = await scoreSet(val, scorer);
    const valLogLoss = meanLogLoss(scoredVal);
    tried.push({ seed, valLogLoss });
    const isBetter = best === undefined || valLogLoss < best.valLogLoss;
    await (isBetter ? best?.scorer : scorer)?.close();
    best = isBetter ? { seed, model, scorer, scoredVal, valLogLoss } : best;
  }
  if (best === undefined) throw new RangeError("Cannot train without a seed");
  const { seed, model, scorer, scoredVal } = best;
  return { seed, model, scorer, scoredVal, tried };
}

interface Sets {
  readonly val: EvaluationSet;
  readonly test: EvaluationSet;
  readonly holdout?: EvaluationSet;
}

async function readSets(
  files: DataFiles,
  reading: ReadRowsOptions,
  learning: ReadRowsOptions,
): Promise<Sets> {
  const val = await readEvaluationSet("val", readRows(files.val, learning));
  const test = await readEvaluationSet("test", readRows(files.test, reading));
  if (files.holdout.length === 0) return { val, test };
  const holdout = await readEvaluationSet("holdout", readRows(files.holdout, reading));
  return { val, test, holdout };
}

async function survey(
  files: DataFiles,
  sets: Sets,
  learning: ReadRowsOptions,
): Promise<Run["surveys"]> {
  const apart = Object.fromEntries(
    Object.values(sets).map((set: EvaluationSet) => [set.name, new Set(set.domains)]),
  );
  const train = await surveyFiles("train", files.train, { ...learning, apart });
  const val = await surveyFiles("val", files.val, learning);
  const rest = learning.signal === undefined ? {} : { signal: learning.signal };
  const test = await surveyFiles("test", files.test, rest);
  const surveys: { train: Survey; val: Survey; test: Survey } = { train, val, test };
  if (files.holdout.length === 0) return surveys;
  return { ...surveys, holdout: await surveyFiles("holdout", files.holdout, rest) };
}

/** The bytes of the int8 model, calibrated on validation rows as the int8 model scores them. */
export function exportModel(weights: Weights, val: EvaluationSet): Uint8Array {
  const small = quantise(weights);
  const score = createScorer(small);
  const logits = new Float64Array(val.rows.length);
  val.rows.forEach(({ url }, at) => {
    const canonical = canonicalise(url);
    if (canonical !== undefined) logits[at] = score(featurise(canonical));
  });
  const labels = Uint8Array.from(val.rows, (row) => row.label);
  return buildOnnx(small, calibrate(logits, labels));
}

async function measure(
  sets: Sets,
  options: Pick<RunOptions, "signal" | "replicates"> & Trained,
): Promise<Pick<Run, "decision" | "reports" | "flips" | "reference">> {
  const { seed, signal, scorer, scoredVal } = options;
  const decision = decide(sets.val.name, scoredVal);
  const report = async (set: EvaluationSet, scored: Scored): Promise<SetReport> => {
    // Metrics hold the event loop for a second or two; between sets a stop is heard.
    await Bun.sleep(0);
    signal?.throwIfAborted();
    const { replicates } = options;
    return measureSet(set, scored, decision, { seed, ...(replicates && { replicates }) });
  };
  const scored = await scoreSet(sets.test, scorer);
  const urls = sampleIndices(sets.test.rows.length, FLIP_URLS, seed).map(
    (row) => sets.test.rows[row]?.url ?? "",
  );
  const { threshold } = decision;
  const rewrites = await countFlips(urls, { score: scorer.score, threshold });
  const { holdout } = sets;
  return {
    decision,
    reports: {
      val: await report(sets.val, scoredVal),
      test: await report(sets.test, scored),
      ...(holdout && { holdout: await report(holdout, await scoreSet(holdout, scorer)) }),
    },
    flips: { urls: urls.length, rewrites },
    reference: { set: sets.test, scored },
  };
}
