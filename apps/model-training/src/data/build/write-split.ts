import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { unwritable } from "../errors.ts";

/** A written file. */
export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes lines as gzip. The same lines give the same bytes. */
export async function writeGzip(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal,
): Promise<WrittenFile> {
  const sum = createHash("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      sum.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    const gzip = createGzip({ level: 9 });
    await pipeline(Readable.from(lines), gzip, count, createWriteStream(path), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw unwritable(path, cause);
  }
  return { bytes, sha256: sum.digest("hex") };
}
