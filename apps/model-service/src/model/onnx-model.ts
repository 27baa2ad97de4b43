import { BAGS, ROWS, silenceOnnxRuntime } from "@hookline/lib-ml";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Card } from "./card.ts";
import type { Bag, Model, Scores } from "./model.ts";
import { MOST_ROWS } from "./run-bags.ts";

/** Row that every model keeps at zero; it stands first, so that `start` of the first bag is 0. */
const PAD_ROW = ROWS;

const INPUTS = { ids: "int32", start: "int32", end: "int32", scale: "float32" } as const;
const OUTPUTS = { probability: "float32", logit: "float32" } as const;

/**
 * Opens a session that computes on the calling thread only.
 *
 * A run blocks the event loop anyway (onnxruntime-node's run is synchronous), so that a pool of
 * threads would only spin beside it; one process a core is the way to more.
 */
export async function openSession(bytes: Uint8Array): Promise<InferenceSession> {
  await silenceOnnxRuntime();
  return InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // A memory plan is kept for each shape of the inputs, and nearly every run has a new one.
    enableMemPattern: false,
  });
}

/** Into how many bags a model wants the rows of a URL divided: the width of its input `end`. */
function readBags({ inputMetadata }: InferenceSession): number | undefined {
  const end = inputMetadata.find(({ name }) => name === "end");
  const width = end?.isTensor ? end.shape[1] : undefined;
  return width === 1 || width === BAGS ? width : undefined;
}

/** What differs from the inputs and outputs that every model must have; undefined: nothing. */
export function describeMismatch(session: InferenceSession): string | undefined {
  return (
    compare("input", INPUTS, session.inputMetadata) ??
    compare("output", OUTPUTS, session.outputMetadata) ??
    (readBags(session) === undefined
      ? `input "end" must have 1 or ${BAGS} numbers for a URL`
      : undefined)
  );
}

function compare(
  side: string,
  wanted: Readonly<Record<string, string>>,
  given: readonly InferenceSession.ValueMetadata[],
): string | undefined {
  const names = given.map(({ name }) => name);
  const missing = Object.keys(wanted).find((name) => !names.includes(name));
  if (missing !== undefined) {
    return `it has no ${side} "${missing}"`;
  }
  const odd = given.find((value) => !value.isTensor || wanted[value.name] !== value.type);
  if (odd === undefined) {
    return undefined;
  }
  return wanted[odd.name] === undefined
    ? `it has an ${side} "${odd.name}" that we do not know`
    : `${side} "${odd.name}" must be ${wanted[odd.name]} but is ${odd.isTensor ? odd.type : "no tensor"}`;
}

/** A model over a session that `describeMismatch` found right. */
export class OnnxModel implements Model {
  readonly card: Card;
  readonly label: string;
  readonly #session: InferenceSession;
  readonly #bags: number;
  /** Where a run that has no other beside it lays its rows: a new place for each would cost more than to fill it. */
  readonly #rows = new Int32Array(MOST_ROWS);
  #running = 0;
  #released: (() => void) | undefined;

  constructor(session: InferenceSession, card: Card, label: string) {
    this.#session = session;
    this.#bags = readBags(session) ?? 1;
    this.card = card;
    this.label = label;
  }

  async run(bags: readonly Bag[]): Promise<Scores> {
    this.#running++;
    try {
      const rows = this.#running === 1 ? this.#rows : undefined;
      const { probability, logit } = await this.#session.run(buildFeeds(bags, this.#bags, rows));
      return { probability: readFloats(probability), logit: readFloats(logit) };
    } finally {
      this.#running--;
      this.#released?.();
    }
  }

  async release(): Promise<void> {
    while (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#released = resolve;
      });
    }
    await this.#session.release();
  }
}

/**
 * Lays the bags one after another behind the pad row: sum of bag b of URL i = sums[end[i, b]] − sums[start[i, b]].
 * They are laid in `rows` when there is room.
 */
function buildFeeds(
  bags: readonly Bag[],
  width: number,
  rows?: Int32Array,
): Record<string, Tensor> {
  const n = bags.length;
  let total = 1;
  for (const bag of bags) {
    total += bag.ids.length;
  }
  const ids =
    rows !== undefined && total <= rows.length ? rows.subarray(0, total) : new Int32Array(total);
  const end = new Int32Array(n * width);
  const scale = new Float32Array(n);
  ids[0] = PAD_ROW;
  let at = 0;
  let i = 0;
  for (const bag of bags) {
    ids.set(bag.ids, at + 1);
    if (width > 1) {
      for (let b = 0; b < width; b++) {
        end[i * width + b] = at + (bag.ends[b] ?? 0);
      }
    }
    at += bag.ids.length;
    end[(i + 1) * width - 1] = at;
    scale[i] = bag.scale;
    i++;
  }
  // Each bag begins where the one before it ends.
  const start = new Int32Array(n * width);
  start.set(end.subarray(0, -1), 1);
  return {
    ids: new Tensor("int32", ids, [total]),
    start: new Tensor("int32", start, [n, width]),
    end: new Tensor("int32", end, [n, width]),
    scale: new Tensor("float32", scale, [n, 1]),
  };
}

function readFloats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) {
    throw new TypeError("Cannot read a score: the model gave no float32 tensor");
  }
  return tensor.data;
}
