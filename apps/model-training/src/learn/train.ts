import { canonicalise, featurise } from "@hookline/lib-ml";
import type { Row } from "../dataset.ts";
import { TrainingError } from "../errors.ts";
import { type Average, createAverage } from "./average.ts";
import { createScarceCensus, createSiteCensus, type Importance, weighRows } from "./importance.ts";
import type { Example, Learner } from "./learner.ts";
import { createLinear } from "./linear.ts";
import { createRandom } from "./random.ts";
import { shuffle } from "./shuffle.ts";
import type { ModelKind, Weights } from "./weights.ts";
import { createWideBag } from "./wide-bag.ts";

/** How far a training has come. */
export interface TrainProgress {
  /** Rows read in this epoch. */
  readonly rows: number;
  /** Rows of an epoch, if known. */
  readonly total?: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean log loss since the last report, each row judged before it was learnt. */
  readonly loss: number;
}

export interface TrainOptions {
  /** Decides order and first weights: the same seed gives the same model, bit by bit. */
  readonly seed: number;
  /** Rows of an epoch, for the progress only. */
  readonly expectedRows?: number;
  /** Stops the training; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainProgress) => void;
}

const HELD_ROWS = 32_768;
const REPORT_ROWS = 8192;
const SNAPSHOT_ROWS = 4 * REPORT_ROWS;
const DECAY = 0.5;
const EPOCHS = 2;

/**
 * Trains a model on rows that are read anew for each pass (they need not fit in memory): one that counts
 * what is scarce and the rows of sites, and two that learn. Rows whose text is no URL are passed over. Throws a TrainingError when no row is left.
 */
export async function train(
  kind: ModelKind,
  rows: () => AsyncIterable<Row>,
  options: TrainOptions,
): Promise<Weights> {
  const learner = kind === "linear" ? createLinear() : createWideBag(options.seed);
  const random = createRandom(options.seed ^ 0x5eed);
  const average = createAverage();
  const importanceOf = await weighRows(rows(), [createScarceCensus(), createSiteCensus()]);
  for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
    const examples = shuffle(readExamples(rows(), importanceOf), HELD_ROWS, random);
    await runEpoch({ learner, average }, examples, { ...options, epoch, epochs: EPOCHS });
  }
  average.add(learner.weights());
  return average.weights();
}

async function* readExamples(
  rows: AsyncIterable<Row>,
  importanceOf: Importance,
): AsyncGenerator<Example> {
  for await (const { url, label } of rows) {
    const canonical = canonicalise(url);
    if (canonical === undefined) continue;
    yield { features: featurise(canonical), label, importance: importanceOf(canonical, label) };
  }
}

async function runEpoch(
  { learner, average }: { readonly learner: Learner; readonly average: Average },
  examples: AsyncIterable<Example>,
  options: TrainOptions & { readonly epoch: number; readonly epochs: number },
): Promise<void> {
  const { epoch, epochs, signal, onProgress, expectedRows } = options;
  const total = expectedRows === undefined ? {} : { total: expectedRows };
  const rate = DECAY ** (epoch - 1);
  let rows = 0;
  let loss = 0;
  for await (const example of examples) {
    loss += learner.learn(example, rate);
    rows += 1;
    if (rows % REPORT_ROWS !== 0) continue;
    signal?.throwIfAborted();
    if (rows % SNAPSHOT_ROWS === 0) average.add(learner.weights());
    onProgress?.({ rows, ...total, epoch, epochs, loss: loss / REPORT_ROWS });
    loss = 0;
  }
  if (rows === 0) {
    throw new TrainingError("DATA_UNUSABLE", "Cannot train: no row holds a URL");
  }
  signal?.throwIfAborted();
  // Of a whole number of reports the last has been told, and nothing was learnt since.
  if (rows % REPORT_ROWS !== 0) {
    onProgress?.({ rows, ...total, epoch, epochs, loss: loss / (rows % REPORT_ROWS) });
  }
}
