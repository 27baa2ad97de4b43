import { open } from "node:fs/promises";
import { failure, type TrainingError, unwritable } from "../errors.ts";

import { forget, type Paths, type Wanted, writeState } from "./part.ts";
import { isPassing } from "./retry.ts";

/** How a try ended: the whole file is in .part, or it is worth another try. */
export type Outcome =
  | { readonly kind: "whole"; readonly resumed: boolean }
  | {
      readonly kind: "again";
      readonly why: string;
      readonly retryAfter: string | null;
      readonly cause: unknown;
    };

export interface ReceiveOptions {
  readonly wanted: Wanted;
  readonly paths: Paths;
  /** Bytes that are in .part and were not asked for again. */
  readonly from: number;
  readonly validator: string | undefined;
  readonly onChunk: (bytes: number, total: number | undefined) => void;
}

/** Puts an answer's body into .part, after what is there (206) or from the start (200). */
export async function receive(response: Response, options: ReceiveOptions): Promise<Outcome> {
  try {
    if (response.status !== 200 && response.status !== 206) return await refused(response, options);
    const encoding = response.headers.get("content-encoding") ?? "identity";
    if (encoding !== "identity") {
      throw failed(options.wanted, `it is sent with content-encoding "${encoding}", unasked`);
    }
    return response.status === 206
      ? await receiveRest(response, options)
      : await receiveBody(response, { ...options, from: 0 }, contentLength(response));
  } finally {
    // What was not read is not wanted; a body that is read to its end or already broken is done.
    await response.body?.cancel().catch(() => {});
  }
}

async function receiveRest(response: Response, options: ReceiveOptions): Promise<Outcome> {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  const fits =
    Number(range?.[1]) === options.from &&
    (options.validator === undefined || validatorOf(response) === options.validator);
  if (fits) return receiveBody(response, options, Number(range?.[2]));
  await forget(options.paths);
  return again("the server sent another part than was asked for");
}

async function receiveBody(
  response: Response,
  options: ReceiveOptions,
  total: number | undefined,
): Promise<Outcome> {
  const { wanted, paths, from } = options;
  if (total !== undefined && total > wanted.maxBytes) throw await tooLarge(options, total);
  const validator = validatorOf(response) ?? options.validator;
  await writeState(paths, {
    address: wanted.address,
    ...(validator !== undefined && { validator }),
    date: new Date().toISOString(),
  });
  const bytes = await writeBody(response, options, total);
  if (total !== undefined && bytes < total)
    return again(`it was cut at ${bytes} of ${total} bytes`);
  return { kind: "whole", resumed: from > 0 };
}

async function writeBody(
  response: Response,
  options: ReceiveOptions,
  total: number | undefined,
): Promise<number> {
  let bytes = options.from;
  const file = await open(options.paths.part, bytes === 0 ? "w" : "a").catch((cause: unknown) => {
    throw unwritable(options.paths.part, cause);
  });
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > options.wanted.maxBytes) throw await tooLarge(options, bytes);
      await file.writeFile(chunk).catch((cause: unknown) => {
        throw unwritable(options.paths.part, cause);
      });
      options.onChunk(bytes, total);
    }
  } finally {
    await file.close();
  }
  return bytes;
}

async function refused(response: Response, options: ReceiveOptions): Promise<Outcome> {
  const { status, headers } = response;
  if (status === 416) {
    // All of it was there already, and only the renaming was missing.
    if (headers.get("content-range") === `bytes */${options.from}`)
      return { kind: "whole", resumed: true };
    await forget(options.paths);
    return again("what was downloaded before does not fit the file of now");
  }
  if (isPassing(status)) return again(`the server answers ${status}`, headers.get("retry-after"));
  const why =
    status === 404 || status === 410
      ? `it is not there (${status}); was it moved, or is the commit wrong`
      : status === 401 || status === 403
        ? `the server refuses it (${status})`
        : `the server answers ${status}`;
  throw failed(options.wanted, why);
}

function again(why: string, retryAfter: string | null = null): Outcome {
  return { kind: "again", why, retryAfter, cause: undefined };
}

function failed(wanted: Wanted, why: string): TrainingError {
  return failure("DOWNLOAD_FAILED", `Cannot download ${wanted.name}: ${why} (${wanted.address})`);
}

async function tooLarge({ wanted, paths }: ReceiveOptions, bytes: number): Promise<TrainingError> {
  await forget(paths);
  const message = `Cannot download ${wanted.name}: ${bytes} bytes, over the limit of ${wanted.maxBytes}`;
  return failure("TOO_LARGE", message);
}

function contentLength(response: Response): number | undefined {
  const header = response.headers.get("content-length");
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** What If-Range can be asked with: a strong ETag, else the date (RFC 9110 §13.1.5). */
function validatorOf(response: Response): string | undefined {
  const tag = response.headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return response.headers.get("last-modified") ?? undefined;
}
