// One file from an address to the disk: resumes, verifies, and never holds more than a piece of it.

import { rename } from "node:fs/promises";
import { failure, TrainingError, unwritable } from "../errors.ts";

import {
  forget,
  type Paths,
  pathsOf,
  readState,
  type State,
  sha256Of,
  sizeOf,
  type Wanted,
  writeState,
} from "./part.ts";
import { type Outcome, receive } from "./receive.ts";
import { type Fetch, request } from "./request.ts";
import { planRetry } from "./retry.ts";

export interface DownloadOptions {
  readonly folder: string;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Tries without any progress before it gives up. */
  readonly attempts: number;
  /** The whole download may take this long. */
  readonly maxMs: number;
  /** A try ends when nothing comes for this long. */
  readonly idleMs: number;
  /** Rejects when the signal fires first. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
}

/** A file that is there and has the checksum that it should have. */
export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** When it was fetched, ISO 8601. */
  readonly date: string;
}

/** A try that brought this much counts as progress, so that a long file may be cut many times. */
const PROGRESS_BYTES = 65_536;

/**
 * Brings a file into the folder, unless it is there already, whole and unchanged. What a cut left is
 * continued with a Range request, if the server can show that the file is still the same.
 * Throws a TrainingError: DOWNLOAD_FAILED, CHECKSUM_WRONG, TOO_LARGE, DISK_FULL or STOPPED.
 */
export async function download(wanted: Wanted, options: DownloadOptions): Promise<Downloaded> {
  const paths = pathsOf(options.folder, wanted.name);
  const there = await findWhole(wanted, paths);
  if (there !== undefined) return there;
  const deadline = AbortSignal.timeout(options.maxMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    return await downloadWithRetries(wanted, paths, { ...options, signal });
  } catch (cause) {
    if (options.signal.aborted) {
      const message = `Stopped while downloading ${wanted.name}; the same command goes on from here`;
      throw failure("STOPPED", message, cause);
    }
    if (!deadline.aborted) throw cause;
    const limit = `not done after ${options.maxMs / 1000} s`;
    throw failure("DOWNLOAD_FAILED", `Cannot download ${wanted.name}: ${limit}`, cause);
  }
}

async function downloadWithRetries(
  wanted: Wanted,
  paths: Paths,
  options: DownloadOptions,
): Promise<Downloaded> {
  for (let attempt = 1; ; attempt += 1) {
    const before = (await sizeOf(paths.part)) ?? 0;
    const outcome = await tryOnce(wanted, paths, options);
    const verdict = outcome.kind === "whole" ? await verify(wanted, paths, outcome) : outcome;
    if (verdict.kind === "verified") return verdict.file;
    if (((await sizeOf(paths.part)) ?? 0) >= before + PROGRESS_BYTES) attempt = 1;
    const plan = planRetry({
      attempt,
      attempts: options.attempts,
      retryAfter: verdict.retryAfter,
      now: Date.now(),
      jitter: Math.random(),
    });
    if (plan.kind === "give-up") {
      const message = `Cannot download ${wanted.name}: ${verdict.why} (${wanted.address})`;
      throw failure("DOWNLOAD_FAILED", message, verdict.cause);
    }
    await options.wait(plan.ms, options.signal);
  }
}

async function tryOnce(wanted: Wanted, paths: Paths, options: DownloadOptions): Promise<Outcome> {
  const idle = new AbortController();
  const signal = AbortSignal.any([options.signal, idle.signal]);
  let timer = setTimeout(() => idle.abort(), options.idleMs);
  try {
    const state = await readState(paths, wanted.address);
    const from = await resumeFrom(wanted, paths, state);
    const headers = rangeHeaders(from, state?.validator);
    const response = await request(wanted.address, { fetch: options.fetch, headers, signal });
    return await receive(response, {
      wanted,
      paths,
      from,
      validator: state?.validator,
      onChunk: (bytes, total) => {
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(), options.idleMs);
        options.onProgress?.(bytes, total);
      },
    });
  } catch (cause) {
    if (options.signal.aborted || cause instanceof TrainingError) throw cause;
    const why = idle.signal.aborted
      ? `nothing came for ${options.idleMs / 1000} s`
      : `the connection broke (${nameOf(cause)})`;
    return { kind: "again", why, retryAfter: null, cause };
  } finally {
    clearTimeout(timer);
  }
}

/** ECONNRESET and the like say more than the sentence of the runtime. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

/** Bytes that need not come again: only if the server, or the checksum, can tell that they still fit. */
async function resumeFrom(wanted: Wanted, paths: Paths, state: State | undefined): Promise<number> {
  if (state === undefined || state.sha256 !== undefined) return 0;
  if (state.validator === undefined && wanted.sha256 === undefined) return 0;
  return (await sizeOf(paths.part)) ?? 0;
}

function rangeHeaders(from: number, validator: string | undefined): Record<string, string> {
  // Compressed on the way, a range would count other bytes than the file has.
  const headers: Record<string, string> = {
    "accept-encoding": "identity",
    "user-agent": "hookline",
  };
  if (from === 0) return headers;
  headers["range"] = `bytes=${from}-`;
  if (validator !== undefined) headers["if-range"] = validator;
  return headers;
}

type Verdict =
  | { readonly kind: "verified"; readonly file: Downloaded }
  | Extract<Outcome, { kind: "again" }>;

async function verify(
  wanted: Wanted,
  paths: Paths,
  { resumed }: { readonly resumed: boolean },
): Promise<Verdict> {
  const sha256 = await sha256Of(paths.part);
  if (wanted.sha256 !== undefined && wanted.sha256 !== sha256) {
    await forget(paths);
    const why = `its SHA-256 is ${sha256}, not ${wanted.sha256}`;
    // The two halves may be of two versions: once more, from the start.
    if (resumed) return { kind: "again", why, retryAfter: null, cause: undefined };
    throw failure("CHECKSUM_WRONG", `Cannot use the download of ${wanted.name}: ${why}`);
  }
  const date = new Date().toISOString();
  await rename(paths.part, paths.whole).catch((cause: unknown) => {
    throw unwritable(paths.whole, cause);
  });
  await writeState(paths, { address: wanted.address, sha256, date });
  const bytes = (await sizeOf(paths.whole)) ?? 0;
  return { kind: "verified", file: { path: paths.whole, bytes, sha256, date } };
}

async function findWhole(wanted: Wanted, paths: Paths): Promise<Downloaded | undefined> {
  const state = await readState(paths, wanted.address);
  const bytes = await sizeOf(paths.whole);
  if (state?.sha256 === undefined || bytes === undefined) return undefined;
  if (wanted.sha256 !== undefined && wanted.sha256 !== state.sha256) return undefined;
  if ((await sha256Of(paths.whole)) !== state.sha256) return undefined;
  return { path: paths.whole, bytes, sha256: state.sha256, date: state.date };
}
