// What is kept of a download: <name> (whole) or <name>.part (so far), and <name>.json that tells of it.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../write-whole.ts";

/** What a download has to be and where it comes from. */
export interface Wanted {
  readonly name: string;
  readonly address: string;
  readonly sha256?: string | undefined;
  readonly maxBytes: number;
}

const State = z.strictObject({
  address: z.string(),
  /** What the server called this version: a strong ETag, else Last-Modified. */
  validator: z.string().optional(),
  /** Only of a whole file. */
  sha256: z.string().optional(),
  date: z.string(),
});

/** What is known of a file that was, or is being, downloaded. */
export type State = z.infer<typeof State>;

/** The three paths of one source's download. */
export interface Paths {
  readonly whole: string;
  readonly part: string;
  readonly state: string;
}

export function pathsOf(folder: string, name: string): Paths {
  return {
    whole: join(folder, name),
    part: join(folder, `${name}.part`),
    state: join(folder, `${name}.json`),
  };
}

/** The state, if it is of this address and readable; anything else counts as nothing downloaded. */
export async function readState(paths: Paths, address: string): Promise<State | undefined> {
  const text = await readFile(paths.state, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = State.safeParse(parseJson(text));
  return parsed.success && parsed.data.address === address ? parsed.data : undefined;
}

/** Writes the state in one step, so that a cut leaves the old or the new one. */
export async function writeState(paths: Paths, state: State): Promise<void> {
  await writeWhole(paths.state, `${JSON.stringify(state)}\n`);
}

/** Forgets what was downloaded. */
export async function forget(paths: Paths): Promise<void> {
  await Promise.all(
    [paths.whole, paths.part, paths.state].map((path) => rm(path, { force: true })),
  );
}

/** Size in bytes, or undefined where there is no file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() ? status.size : undefined;
}

/** SHA-256 of a file in hexadecimal, read in pieces. */
export async function sha256Of(path: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const chunk of createReadStream(path)) sum.update(chunk);
  return sum.digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
