import { closeSync, createReadStream, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { unwritable } from "../errors.ts";
import { decode, readLines } from "../text.ts";

const COUNT_BITS = 6;
const FLUSH_CHARACTERS = 65_536;

/** Lines in files by the top bits of a hash, so that one file at a time can be held in memory. */
export interface Buckets {
  /** Adds a line (which ends with \n) under a 32-bit hash. */
  add(hash: number, line: string): void;
  /**
   * What the lines say, bucket by bucket, those of the lowest hashes first. Only what `parse` gives is
   * held. May be called once, and nothing can be added any more.
   */
  read<T>(parse: (line: string) => T | undefined): AsyncGenerator<T[]>;
}

/** 64 files in a new folder; up to 4 MiB wait in memory to be written. */
export function createBuckets(folder: string): Buckets {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: 2 ** COUNT_BITS }, (_, i) => {
    const path = join(folder, `${i}`);
    return { path, handle: openSync(path, "w"), waiting: "" };
  });
  function flush(file: { path: string; handle: number; waiting: string }): void {
    try {
      writeAll(file.handle, Buffer.from(file.waiting));
    } catch (cause) {
      throw unwritable(file.path, cause);
    }
    file.waiting = "";
  }
  return {
    add(hash, line) {
      const file = files[hash >>> (32 - COUNT_BITS)];
      if (file === undefined) throw new RangeError(`Not a 32-bit hash: ${hash}`);
      file.waiting += line;
      if (file.waiting.length >= FLUSH_CHARACTERS) flush(file);
    },
    async *read<T>(parse: (line: string) => T | undefined) {
      for (const file of files) {
        flush(file);
        closeSync(file.handle);
      }
      for (const { path } of files) {
        const parsed: T[] = [];
        for await (const line of readLines(decode(createReadStream(path)))) {
          const value = parse(line);
          if (value !== undefined) parsed.push(value);
        }
        rmSync(path);
        yield parsed;
      }
    },
  };
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}
