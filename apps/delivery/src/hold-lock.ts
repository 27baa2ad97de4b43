import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DeliveryError } from "./errors.ts";
import { runGit } from "./git.ts";

/**
 * Acts while no other command changes this checkout: of two at once, one would commit what the other one wrote. Throws
 * DeliveryError NOT_CLEAN where one is at work. A lock whose process is no more is taken.
 */
export function holdLock<T>(root: string, what: string, act: () => T): T {
  const words = ["rev-parse", "--path-format=absolute", "--git-path", "hookline-delivery.lock"];
  const file = runGit(root, words).trim();
  takeLock(file, what);
  try {
    return act();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file: string, what: string): void {
  if (createWhole(file)) return;
  const holder = readHolder(file);
  if (holder !== undefined && isAlive(holder)) {
    const message = `Cannot ${what}: another command is at work here, process ${holder}`;
    throw new DeliveryError(message, { code: "NOT_CLEAN" });
  }
  rmSync(file, { force: true });
  takeLock(file, what);
}

/** Creates the file with its text at once, or not at all where it is there. */
function createWhole(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is another user's.
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
