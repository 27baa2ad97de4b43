import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { readDigest } from "../read-digest.ts";
import { z } from "../zod.ts";
import { Card } from "./card.ts";
import type { Bag, Model } from "./model.ts";
import { ModelError } from "./model-error.ts";
import { describeMismatch, OnnxModel, openSession } from "./onnx-model.ts";

export interface LoadModelOptions {
  /** The contract that our features keep; a model trained with another is refused. */
  readonly contract: string;
  /** What metrics call the version; without it "v" and the major number of the card's version. */
  readonly label?: string | undefined;
  /** Features of real URLs, scored once before the model may answer. */
  readonly warmUp: readonly Bag[];
}

/**
 * Loads the model of a folder, checks it against its card, and warms it up.
 *
 * Throws a `ModelError` that says what is wrong: nothing of a folder is served unless all is right.
 */
export async function loadModel(folder: string, options: LoadModelOptions): Promise<Model> {
  const card = await readCard(folder);
  if (card.contract !== options.contract) {
    const state = `it was trained for "${card.contract}", this service makes features of "${options.contract}"`;
    throw new ModelError(state, { code: "OTHER_CONTRACT", folder });
  }
  const bytes = await readBytes(folder, card);
  const session = await open(folder, bytes);
  const label = options.label ?? `v${card.version.split(".", 1)[0]}`;
  const model = new OnnxModel(session, card, label);
  try {
    const mismatch = describeMismatch(session);
    if (mismatch !== undefined) {
      throw new ModelError(mismatch, { code: "WRONG_SIGNATURE", folder });
    }
    await warmUp(model, folder, options.warmUp);
  } catch (error) {
    await model.release();
    throw error;
  }
  return model;
}

async function read(folder: string, name: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new ModelError(`cannot read ${name}`, { code: "MISSING", folder, cause: error });
  }
}

async function readCard(folder: string): Promise<Card> {
  const text = (await read(folder, "card.json")).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError("card.json is not JSON", { code: "BAD_CARD", folder, cause: error });
  }
  const result = Card.safeParse(json);
  if (!result.success) {
    const wrong = z.prettifyError(result.error).replaceAll(/\s+/g, " ");
    throw new ModelError(`card.json is wrong: ${wrong}`, { code: "BAD_CARD", folder });
  }
  return result.data;
}

async function readBytes(folder: string, card: Card): Promise<Uint8Array> {
  const bytes = await read(folder, "model.onnx");
  if (bytes.length !== card.bytes) {
    const state = `model.onnx has ${bytes.length} bytes, its card says ${card.bytes}`;
    throw new ModelError(state, { code: "WRONG_SIZE", folder });
  }
  const sha256 = (await readDigest(bytes)).toString("hex");
  if (sha256 !== card.sha256) {
    const state = `model.onnx has SHA-256 ${sha256}, its card says ${card.sha256}`;
    throw new ModelError(state, { code: "WRONG_CHECKSUM", folder });
  }
  return bytes;
}

async function open(folder: string, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await openSession(bytes);
  } catch (error) {
    throw new ModelError("model.onnx is not a model", {
      code: "NOT_LOADABLE",
      folder,
      cause: error,
    });
  }
}

async function warmUp(model: Model, folder: string, bags: readonly Bag[]): Promise<void> {
  try {
    const { probability, logit } = await model.run(bags);
    const fine =
      probability.length === bags.length &&
      logit.length === bags.length &&
      probability.every((p) => p >= 0 && p <= 1) &&
      logit.every(Number.isFinite);
    if (!fine) {
      throw new RangeError("its scores are not one probability and one logit a URL");
    }
  } catch (error) {
    throw new ModelError("it does not score", { code: "WARM_UP_FAILED", folder, cause: error });
  }
}
