// What the exported file says of URLs: the figures of the card are those of the file that is shipped.
import {
  BAGS,
  canonicalise,
  type Features,
  featurise,
  ROWS,
  silenceOnnxRuntime,
} from "@hookline/lib-ml";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { TrainingError } from "../errors.ts";

/** Gives each URL its probability of phishing; undefined for text that is no URL. */
export interface UrlScorer {
  readonly score: (urls: readonly string[]) => Promise<readonly (number | undefined)[]>;
  readonly close: () => Promise<void>;
}

const MOST_URLS = 128;
/** Bounds the memory of a run; its sums of int8 rows stay far below 2^31, up to which they are exact. */
const MOST_IDS = 65_536;

/** Opens a model.onnx (see model-service for the inputs). Throws a TrainingError when it cannot be run. */
export async function openScorer(file: string | Uint8Array): Promise<UrlScorer> {
  await silenceOnnxRuntime();
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const opening =
    typeof file === "string"
      ? InferenceSession.create(file, options)
      : InferenceSession.create(file, options);
  const session = await opening.catch((cause: unknown) => {
    const name = typeof file === "string" ? `"${file}"` : "the model";
    throw new TrainingError("MODEL_BROKEN", `Cannot open ${name}: it is no ONNX file that runs`, {
      cause,
    });
  });
  return {
    score: (urls) => scoreAll(session, urls),
    close: () => session.release(),
  };
}

async function scoreAll(
  session: InferenceSession,
  urls: readonly string[],
): Promise<readonly (number | undefined)[]> {
  const answers = new Array<number | undefined>(urls.length).fill(undefined);
  let batch: { at: number; features: Features }[] = [];
  let ids = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const probabilities = await runBatch(
      session,
      batch.map((entry) => entry.features),
    );
    batch.forEach(({ at }, place) => {
      answers[at] = probabilities[place];
    });
    batch = [];
    ids = 0;
  };
  for (const [at, url] of urls.entries()) {
    const canonical = canonicalise(url);
    if (canonical === undefined) continue;
    const features = featurise(canonical);
    if (batch.length === MOST_URLS || ids + features.ids.length > MOST_IDS) await flush();
    batch.push({ at, features });
    ids += features.ids.length;
  }
  await flush();
  return answers;
}

/** Into how many bags the model wants the rows of a URL divided: 1, or as lib-ml divides them. */
export function countBags({ inputMetadata }: InferenceSession): number {
  const end = inputMetadata.find(({ name }) => name === "end");
  const bags = end?.isTensor ? end.shape[1] : undefined;
  return bags === BAGS ? BAGS : 1;
}

/** The inputs of a model for some URLs, laid one after another behind the pad row. */
export function buildFeeds(batch: readonly Features[], bags: number): Record<string, Tensor> {
  const total = batch.reduce((sum, { ids }) => sum + ids.length, 1);
  const ids = new Int32Array(total);
  const end = new Int32Array(batch.length * bags);
  ids[0] = ROWS;
  let position = 0;
  let bag = 0;
  for (const features of batch) {
    ids.set(features.ids, position + 1);
    const ends = bags === 1 ? [features.ids.length] : features.ends;
    for (const place of ends) {
      end[bag] = position + place;
      bag += 1;
    }
    position += features.ids.length;
  }
  // Each bag begins where the one before it ends.
  const start = new Int32Array(end.length);
  start.set(end.subarray(0, -1), 1);
  const scale = Float32Array.from(batch, (features) => features.scale);
  return {
    ids: new Tensor("int32", ids, [total]),
    start: new Tensor("int32", start, [batch.length, bags]),
    end: new Tensor("int32", end, [batch.length, bags]),
    scale: new Tensor("float32", scale, [batch.length, 1]),
  };
}

async function runBatch(
  session: InferenceSession,
  batch: readonly Features[],
): Promise<Float32Array> {
  const output = await session.run(buildFeeds(batch, countBags(session)));
  const probability = output["probability"]?.data;
  if (!(probability instanceof Float32Array) || probability.length !== batch.length) {
    const message =
      'Cannot score URLs: the model has no float output "probability" of one row a URL';
    throw new TrainingError("MODEL_BROKEN", message);
  }
  return probability;
}
