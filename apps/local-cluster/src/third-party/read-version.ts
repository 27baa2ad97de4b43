import type { ProgramName } from "./binaries.ts";

/** The words that make each tell its version; the limiter has none, and would begin to listen. */
const WORDS: Readonly<Partial<Record<ProgramName, string>>> = {
  alertmanager: "--version",
  mailpit: "version",
  prometheus: "--version",
  redis: "--version",
};

/** What a program says that its version is; undefined for one that does not say. */
export async function readVersion(
  program: ProgramName,
  binary: string,
): Promise<string | undefined> {
  const word = WORDS[program];
  if (word === undefined) return undefined;
  try {
    const child = Bun.spawn([binary, word], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      timeout: 5_000,
    });
    return /\bv?=?(\d+\.\d+\.\d+)/.exec(await child.stdout.text())?.[1];
  } catch {
    // It is no program, or has gone since it was found: starting it will tell.
    return undefined;
  }
}
