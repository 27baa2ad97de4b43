// Labelled URLs as files: one row a line, `label<TAB>url<TAB>source`, plain or gzipped.
// Rows are handed on one at a time, so memory does not grow with the file.

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf } from "@hookline/command-line";
import { TrainingError } from "./errors.ts";

/** One labelled URL. */
export interface Row {
  /** 1 is phishing, 0 is legitimate. */
  readonly label: 0 | 1;
  readonly url: string;
  /** The name of the list that the URL came from. */
  readonly source: string;
}

export interface ReadRowsOptions {
  /** Rows of these sources are passed over (they must still be well formed). */
  readonly excludeSources?: readonly string[];
  /** Stops the reading; the iteration then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Longer lines are refused, so that a file without line breaks cannot fill the memory. */
export const MAX_LINE_CHARACTERS = 65_536;

/**
 * The rows of files or folders (their `.tsv` and `.tsv.gz` files, by name), in order.
 * Throws a TrainingError that names file and line for a row that is not exactly
 * `phishing|legitimate<TAB>url<TAB>source`, and for files that are missing or cannot be read.
 */
export async function* readRows(
  paths: readonly string[],
  options: ReadRowsOptions = {},
): AsyncGenerator<Row, void, undefined> {
  const excluded = new Set(options.excludeSources);
  for (const file of await listFiles(paths)) {
    let line = 0;
    for await (const lines of readLines(file, options.signal)) {
      for (const text of lines) {
        line += 1;
        const row = parseRow(text, file, line);
        if (!excluded.has(row.source)) yield row;
      }
    }
  }
}

/** The data files that the paths stand for: a file itself, a folder's `.tsv` and `.tsv.gz` by name. */
export async function listFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const status = await stat(path).catch((cause: unknown) => {
      throw new TrainingError("DATA_MISSING", `Cannot read "${path}": no such file or folder`, {
        cause,
      });
    });
    if (status.isFile()) {
      files.push(path);
      continue;
    }
    if (!status.isDirectory()) {
      const message = `Cannot read "${path}": a pipe or device gives its rows once, and they are read several times; write them to a file`;
      throw new TrainingError("DATA_MISSING", message);
    }
    const inside = (await readdir(path)).filter((name) => /\.tsv(\.gz)?$/.test(name)).sort();
    if (inside.length === 0) {
      const message = `Cannot read "${path}": the folder holds no .tsv or .tsv.gz file`;
      throw new TrainingError("DATA_MISSING", message);
    }
    files.push(...inside.map((name) => join(path, name)));
  }
  return files;
}

function parseRow(text: string, file: string, line: number): Row {
  const first = text.indexOf("\t");
  const second = text.indexOf("\t", first + 1);
  if (first < 0 || second < 0 || text.indexOf("\t", second + 1) >= 0) {
    const count = text.split("\t").length;
    throw badRow(file, line, `expected label<TAB>url<TAB>source, found ${count} field(s)`);
  }
  const label = text.slice(0, first);
  const url = text.slice(first + 1, second);
  const source = text.slice(second + 1);
  if (label !== "phishing" && label !== "legitimate") {
    throw badRow(file, line, `the label must be "phishing" or "legitimate", found "${label}"`);
  }
  if (url.trim() === "") throw badRow(file, line, "the url is empty");
  if (source.trim() === "") throw badRow(file, line, "the source is empty");
  return { label: label === "phishing" ? 1 : 0, url, source };
}

function badRow(file: string, line: number, state: string, cause?: unknown): TrainingError {
  return new TrainingError("BAD_ROW", `Cannot read row ${file}:${line}: ${state}`, { cause });
}

/** The lines of a file, as many at a time as one chunk of it holds. A final line break ends the last line. */
async function* readLines(file: string, signal?: AbortSignal): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  let line = 1;
  const stream = openBytes(file);
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      const lines = (rest + decode(decoder, chunk, { file, line })).split("\n");
      rest = lines.pop() ?? "";
      yield lines.map(withoutReturn);
      line += lines.length;
      if (rest.length > MAX_LINE_CHARACTERS) {
        throw badRow(file, line, `the line is longer than ${MAX_LINE_CHARACTERS} characters`);
      }
    }
    rest += decoder.decode();
  } catch (cause) {
    if (cause instanceof TrainingError || signal?.aborted) throw cause;
    throw unreadable(file, line, cause);
  } finally {
    stream.destroy();
  }
  if (rest !== "") yield [withoutReturn(rest)];
}

/** The text of a chunk that begins with a piece of line `at.line`. */
function decode(
  decoder: TextDecoder,
  chunk: Uint8Array,
  at: { readonly file: string; readonly line: number },
): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw badRow(at.file, at.line + countGoodLines(chunk), "the text is not UTF-8", cause);
  }
}

/** How many lines of a chunk are UTF-8, up to the first that is not. */
function countGoodLines(chunk: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let from = 0;
  // The chunk may begin inside a character.
  while (from < 3 && ((chunk[from] ?? 0) & 0xc0) === 0x80) from += 1;
  for (let lines = 0; ; lines += 1) {
    const end = chunk.indexOf(0x0a, from);
    try {
      decoder.decode(chunk.subarray(from, end === -1 ? chunk.length : end));
    } catch {
      return lines;
    }
    if (end === -1) return lines;
    from = end + 1;
  }
}

function openBytes(file: string): Readable {
  const bytes = createReadStream(file, { highWaterMark: 1 << 18 });
  if (!file.endsWith(".gz")) return bytes;
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // A failure of either side reaches the reader as an error of the last stream.
  pipeline(bytes, gunzip, () => {});
  return gunzip;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function unreadable(file: string, line: number, cause: unknown): TrainingError {
  const message = `Cannot read "${file}" after line ${line - 1}: ${messageOf(cause)}`;
  return new TrainingError("DATA_UNREADABLE", message, { cause });
}
