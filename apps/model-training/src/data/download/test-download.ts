// Only for tests: a body to download, and what a test of a download needs around it.
import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Asked, answerRange } from "../test-server.ts";
import type { DownloadOptions } from "./download.ts";

// 300 KB of pseudo-random bytes: a wrong offset anywhere shows.
export const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
export const SHA = createHash("sha256").update(BODY).digest("hex");

/** Options with a folder in `root`, which the test removes. */
export function options(root: string, change: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    folder: mkdtempSync(join(root, "d-")),
    fetch,
    signal: new AbortController().signal,
    attempts: 3,
    maxMs: 20_000,
    idleMs: 10_000,
    wait: async () => {},
    ...change,
  };
}

/** A gate that a download opens once it has brought this many bytes. */
export function createCut(after: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onProgress = (bytes: number) => void (bytes >= after && resolve());
  return { cut: { after, when: promise }, onProgress };
}

export function wanted(address: string, change: { sha256?: string; maxBytes?: number } = {}) {
  return { name: "list", address, maxBytes: 1_000_000, ...change };
}

/** The first answer of a server is cut. */
export function cutFirst(
  all: readonly Asked[],
  asked: Asked,
  cut: NonNullable<Answer["cut"]>,
): Answer {
  const answer = answerRange(asked, BODY, '"1"');
  return all.length === 1 ? { ...answer, cut } : answer;
}
