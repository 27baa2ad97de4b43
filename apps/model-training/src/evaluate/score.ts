// What the exported file says of URLs: the figures of the card are those of the file that is shipped.
import { canonicalise, type Features, featurise, ROWS, silenceOnnxRuntime } from "@hookline/lib-ml";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { TrainingError } from "../errors.ts";

/** Gives each URL its probability of phishing; undefined for text that is no URL. */
export interface UrlScorer {
  readonly score: (urls: readonly string[]) => Promise<readonly (number | undefined)[]>;
  readonly close: () => Promise<void>;
}

const MOST_URLS = 128;
/** Sums of int8 rows are exact in float32 up to 2^24 ÷ 127 ids a run. */
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

async function runBatch(
  session: InferenceSession,
  batch: readonly Features[],
): Promise<Float32Array> {
  const total = batch.reduce((sum, { ids }) => sum + ids.length, 1);
  const ids = new Int32Array(total);
  const start = new Int32Array(batch.length);
  const end = new Int32Array(batch.length);
  ids[0] = ROWS;
  let position = 0;
  batch.forEach((features, at) => {
    ids.set(features.ids, position + 1);
    start[at] = position;
    position += features.ids.length;
    end[at] = position;
  });
  const scale = Float32Array.from(batch, (features) => features.scale);
  const output = await session.run({
    ids: new Tensor("int32", ids, [total]),
    start: new Tensor("int32", start, [batch.length]),
    end: new Tensor("int32", end, [batch.length]),
    scale: new Tensor("float32", scale, [batch.length, 1]),
  });
  const probability = output["probability"]?.data;
  if (!(probability instanceof Float32Array) || probability.length !== batch.length) {
    const message =
      'Cannot score URLs: the model has no float output "probability" of one row a URL';
    throw new TrainingError("MODEL_BROKEN", message);
  }
  return probability;
}
