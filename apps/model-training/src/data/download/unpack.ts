import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { failure, TrainingError } from "../errors.ts";

/** Text rarely packs better than 30 : 1; a bomb of zeros reaches 1,000 : 1. */
const MAX_RATIO = 100;
/** Below this much output the ratio says nothing. */
const FREE_BYTES = 8 * 2 ** 20;

/**
 * Unpacks gzip as it comes, holding a few pieces at a time. Throws a TrainingError TOO_LARGE as soon as
 * more than maxBytes, or more than 100 times what went in, has come out; DATA_UNREADABLE for what is
 * cut or not gzip.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly name: string; readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let packed = 0;
  let bytes = 0;
  async function* count(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  }
  const source = Readable.from(count(), { objectMode: false });
  const unpacked = createGunzip();
  source.on("error", (cause) => unpacked.destroy(cause));
  try {
    for await (const chunk of source.pipe(unpacked)) {
      bytes += chunk.length;
      if (bytes > options.maxBytes || (bytes > FREE_BYTES && bytes > packed * MAX_RATIO)) {
        throw bomb(options.name, bytes, packed);
      }
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof TrainingError) throw cause;
    const message = `Cannot unpack ${options.name}: it is cut or not gzip`;
    throw failure("DATA_UNREADABLE", message, cause);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function bomb(name: string, bytes: number, packed: number): TrainingError {
  const message = `Cannot unpack ${name}: ${bytes} bytes out of ${packed}, more than is allowed`;
  return failure("TOO_LARGE", message);
}
