import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { formatAmount } from "@hookline/command-line";
import { BootstrapError } from "./errors.ts";
import { type Attempt, type RetryOptions, readFailure, readRefusal, retry } from "./retry.ts";

/** A file of the internet, as it must be. */
export interface PinnedFile {
  readonly url: string;
  readonly sha256: string;
  /** Where it goes. */
  readonly file: string;
}

export interface DownloadOptions extends RetryOptions {
  readonly onProgress?: (text: string) => void;
  /** No byte for that long is an end. */
  readonly idleMs?: number;
  /** Where it is known how long it is; no more is taken. */
  readonly mostBytes?: number;
  /** Asks for all that comes after so many bytes; without it a plain GET does. */
  readonly ask?: (from: number, signal: AbortSignal) => Promise<Response>;
}

const TELL_EVERY_MS = 5000;

/**
 * Puts the file in its place, unless it is there already with its checksum. What an earlier run
 * left half done (`<file>.part`) is gone on with where the server can, else begun anew; what was
 * cut off or put off is attempted again. Nothing with another checksum is ever in the place.
 * Gives whether anything was fetched.
 */
export async function downloadFile(
  pinned: PinnedFile,
  options: DownloadOptions = {},
): Promise<boolean> {
  const { file, sha256 } = pinned;
  if (existsSync(file) && (await readSha256(file)) === sha256) return false;
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.part`;
  const resumed = existsSync(part) && statSync(part).size > 0;
  // A whole file whose renaming was cut off needs no request.
  if (!resumed || (await readSha256(part)) !== sha256) await fetchPart(part, pinned, options);
  let found = await readSha256(part);
  if (found !== sha256 && resumed) {
    // The half was of another file than the server has now.
    await rm(part);
    await fetchPart(part, pinned, options);
    found = await readSha256(part);
  }
  if (found !== sha256) {
    await rm(part);
    throw new BootstrapError(
      `Cannot use ${pinned.url}: its SHA-256 is ${found}, not the pinned ${sha256}`,
      { code: "CHECKSUM", next: "Do not go round this: the file is not the one that was reviewed" },
    );
  }
  await rename(part, file);
  return true;
}

async function fetchPart(part: string, { url }: PinnedFile, options: DownloadOptions) {
  const { onProgress } = options;
  const told = { ...(onProgress ? { onAgain: onProgress } : {}), ...options };
  const result = await retry(() => attemptPart(part, url, options), told);
  if (options.signal?.aborted) throw stop(url);
  if (result.kind !== "done") throw failDownload(url, result.reason, result.cause);
}

async function attemptPart(
  part: string,
  url: string,
  { onProgress, idleMs = 30_000, mostBytes = Infinity, ...options }: DownloadOptions,
): Promise<Attempt<undefined>> {
  const { signal, ask = askPlainly(url) } = options;
  const have = existsSync(part) ? statSync(part).size : 0;
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), idleMs);
  try {
    const either = signal === undefined ? idle.signal : AbortSignal.any([idle.signal, signal]);
    const response = await ask(have, either);
    // 416: there is nothing after what we have; the checksum tells whether that is all of it.
    if (response.status === 416) return { kind: "done", value: undefined };
    if (!response.ok || response.body === null) return readRefusal(response);
    if (response.status === 206) onProgress?.(`going on after ${formatAmount(have, "byte")}`);
    const tell = createTeller(response, onProgress);
    let left = mostBytes - (response.status === 206 ? have : 0);
    const out = await open(part, response.status === 206 ? "a" : "w");
    try {
      for await (const chunk of response.body) {
        left -= chunk.length;
        if (left < 0) return { kind: "final", reason: `it is more than its ${mostBytes} bytes` };
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(), idleMs);
        await out.write(chunk);
        tell(chunk.length);
      }
    } finally {
      await out.close();
    }
    return { kind: "done", value: undefined };
  } catch (cause) {
    if (cause instanceof BootstrapError) throw cause;
    if (!idle.signal.aborted) return readFailure(cause);
    return { kind: "again", reason: `no byte came for ${Math.round(idleMs / 1000)} s`, cause };
  } finally {
    clearTimeout(timer);
  }
}

function askPlainly(url: string): NonNullable<DownloadOptions["ask"]> {
  return (from, signal) =>
    fetch(url, { signal, headers: from > 0 ? { range: `bytes=${from}-` } : {} });
}

/** Says from time to time how much of a long answer has come. */
function createTeller({ headers }: Response, onProgress: DownloadOptions["onProgress"]) {
  const length = Number(headers.get("content-length") ?? 0);
  let last = performance.now();
  let come = 0;
  return (bytes: number): void => {
    come += bytes;
    if (performance.now() - last < TELL_EVERY_MS) return;
    last = performance.now();
    onProgress?.(`${renderMegabytes(come)}${length > 0 ? ` of ${renderMegabytes(length)}` : ""}`);
  };
}

function renderMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What Ctrl+C leaves. */
export function stop(what: string): BootstrapError {
  return new BootstrapError(`Stopped at ${what}`, {
    code: "STOPPED",
    next: "Run it again: it goes on where it stopped",
  });
}

function failDownload(url: string, reason: string, cause: unknown): BootstrapError {
  return new BootstrapError(`Cannot download ${url}: ${reason}`, {
    code: "DOWNLOAD",
    next: "Run it again: it goes on where it stopped. Without internet, fill bootstrap/k3s/prepared on another machine (`bun run bootstrap download`)",
    cause,
  });
}

/** Of a file on disk, in hexadecimal. */
export async function readSha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}
