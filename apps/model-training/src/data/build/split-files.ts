import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { unwritable } from "../errors.ts";
import { decode, readLines } from "../text.ts";
import { createShapeCounts, type ShapeCounts } from "./balance.ts";
import { type Candidate, type Chosen, formatCandidate, parseCandidate, shapeOf } from "./row.ts";
import type { SPLITS, Split } from "./site.ts";

const FLUSH_CHARACTERS = 65_536;

/** The rows of each split on the disk, in the order they were added, and how many of which shape. */
export interface SplitFiles {
  add(row: Chosen): void;
  shapes(split: Split): ShapeCounts;
  /** May be called once for each split, when all rows are added. */
  read(split: Split): AsyncGenerator<Candidate>;
}

/** One temporary file a split in a folder that is there. */
export function createSplitFiles(folder: string): SplitFiles {
  const create = (split: Split) => {
    const path = join(folder, split);
    return { path, handle: openSync(path, "w"), waiting: "", shapes: createShapeCounts() };
  };
  const files = {
    train: create("train"),
    val: create("val"),
    test: create("test"),
    holdout: create("holdout"),
  } satisfies Record<(typeof SPLITS)[number], unknown>;
  function flush(split: Split): void {
    const file = files[split];
    const bytes = Buffer.from(file.waiting);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file.handle, bytes, at);
    } catch (cause) {
      throw unwritable(file.path, cause);
    }
    file.waiting = "";
  }
  return {
    add(row) {
      const file = files[row.split];
      file.waiting += formatCandidate(row);
      file.shapes[row.label][shapeOf(row.url)] += 1;
      if (file.waiting.length >= FLUSH_CHARACTERS) flush(row.split);
    },
    shapes: (split) => files[split].shapes,
    async *read(split) {
      flush(split);
      closeSync(files[split].handle);
      const text = decode(createReadStream(files[split].path));
      for await (const line of readLines(text)) yield parseCandidate(line);
    },
  };
}
