import { guard } from "../pods/child.ts";
import type { ProgramName } from "./binaries.ts";

/** The words that make each tell its version; the limiter has none, and would begin to listen. */
const WORDS: Readonly<Partial<Record<ProgramName, string>>> = {
  alertmanager: "--version",
  mailpit: "version",
  prometheus: "--version",
  redis: "--version",
};

const PATIENCE_MS = 5_000;
/** A version stands in the first lines of what a program says. */
const MOST_BYTES = 64 * 1024;

/**
 * What a program says that its version is; undefined for one that does not say. One that goes on without
 * an end is ended, by us or by its guard when we are gone.
 */
export async function readVersion(
  program: ProgramName,
  binary: string,
  patienceMs = PATIENCE_MS,
): Promise<string | undefined> {
  const word = WORDS[program];
  if (word === undefined) return undefined;
  const child = Bun.spawn([...guard([binary, word])], {
    detached: true,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  // The guard ends the program, which may not listen to signals, when nobody holds this any more.
  const end = () => void child.stdin.end();
  const timer = setTimeout(end, patienceMs);
  let text = "";
  for await (const bytes of child.stdout) {
    text += Buffer.from(bytes).toString("latin1");
    if (text.length > MOST_BYTES) break;
  }
  clearTimeout(timer);
  end();
  return /\bv?=?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}
