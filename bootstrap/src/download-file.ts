import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { BootstrapError } from "./errors.ts";

/** A file of the internet, as it must be. */
export interface PinnedFile {
  readonly url: string;
  readonly sha256: string;
  /** Where it goes. */
  readonly file: string;
}

interface DownloadOptions {
  readonly onProgress?: (text: string) => void;
  /** No byte for that long is an end. */
  readonly idleMs?: number;
}

/**
 * Puts the file in its place, unless it is there already with its checksum. What an earlier run
 * left half done (`<file>.part`) is gone on with where the server can, else begun anew. Nothing
 * with another checksum is ever in the place. Gives whether anything was fetched.
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
  if (!resumed || (await readSha256(part)) !== sha256) await fetchInto(part, pinned, options);
  let found = await readSha256(part);
  if (found !== sha256 && resumed) {
    // The half was of another file than the server has now.
    await rm(part);
    await fetchInto(part, pinned, options);
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

async function fetchInto(
  part: string,
  { url }: PinnedFile,
  { onProgress, idleMs = 30_000 }: DownloadOptions,
): Promise<void> {
  const have = existsSync(part) ? statSync(part).size : 0;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), idleMs);
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    });
    // 416: there is nothing after what we have; the checksum tells whether that is all of it.
    if (response.status === 416) return;
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    if (response.status === 206) onProgress?.(`going on after ${have} bytes`);
    const out = await open(part, response.status === 206 ? "a" : "w");
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), idleMs);
        await out.write(chunk);
      }
    } finally {
      await out.close();
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const idle = `no byte came for ${Math.round(idleMs / 1000)} s`;
    throw failDownload(url, abort.signal.aborted ? idle : said, cause);
  } finally {
    clearTimeout(timer);
  }
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
