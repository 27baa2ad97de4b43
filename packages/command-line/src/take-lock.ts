import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** Whether a lock is this process's now, or that of the process `holder`. */
export type Lock =
  | { readonly status: "held"; readonly release: () => void }
  | { readonly status: "busy"; readonly holder: number };

/** What this process holds: its own number in another file is an earlier process's, as in a container. */
const held = new Set<string>();

/**
 * Takes a file as a lock, with the number of this process in it, until it is released. One that is left of a process
 * that has ended is taken over. Throws what the system says where the file cannot be made.
 */
export function takeLock(file: string): Lock {
  // Linked into place, so that nobody finds it without the number.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    const holder = claim(file, draft);
    if (holder !== undefined) return { status: "busy", holder };
  } finally {
    rmSync(draft);
  }
  held.add(file);
  return {
    status: "held",
    release() {
      held.delete(file);
      rmSync(file, { force: true });
    },
  };
}

/** Makes the file, unless it has a holder: that is given then. */
function claim(file: string, draft: string): number | undefined {
  while (!link(draft, file)) {
    const holder = findHolder(file);
    if (typeof holder === "number") return holder;
    if (holder === "gone") continue;
    // Of several who find it left, one removes it: a moment later it may be another's lock.
    const removal = `${file}.removal`;
    const remover = claim(removal, draft);
    if (remover !== undefined) return remover;
    try {
      if (findHolder(file) === "left") rmSync(file);
    } finally {
      rmSync(removal);
    }
  }
  return undefined;
}

function link(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** The process that has a lock; "left" where it has ended, "gone" where there is no lock any more. */
function findHolder(file: string): number | "left" | "gone" {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (!Number.isSafeInteger(pid) || pid <= 0) return "left";
    return (pid === process.pid ? held.has(file) : isAlive(pid)) ? pid : "left";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "gone";
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
