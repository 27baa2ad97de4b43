import { Database, SQLiteError } from "bun:sqlite";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BootstrapError } from "./errors.ts";

/** As all that is on its way: no list of the folder has them. */
const LOCK = ".download.part";
const OWNER = ".download-by.part";

export interface WithFolderOptions {
  /** How long another run is waited for before this is refused. */
  readonly waitMs?: number;
}

const LOOK_EVERY_MS = 100;

/**
 * Acts while no other run works in the folder, for what is half done there (`*.part`) has one name only.
 * Refuses with BUSY, and names who does; with SYSTEM where it cannot write there. The lock is the system's:
 * it goes with the process that has it, however that ends.
 */
export async function withFolder<T>(
  folder: string,
  act: () => Promise<T>,
  { waitMs = 0 }: WithFolderOptions = {},
): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const deadline = performance.now() + waitMs;
  let lock = takeLock(folder);
  while (lock === undefined) {
    if (performance.now() >= deadline) throw busy(folder);
    await Bun.sleep(LOOK_EVERY_MS);
    lock = takeLock(folder);
  }
  try {
    writeFileSync(join(folder, OWNER), `process ${process.pid}`);
    return await act();
  } finally {
    lock.close();
  }
}

/** A database without a table: Bun has no other lock that ends with its process. Undefined while another has it. */
function takeLock(folder: string): Database | undefined {
  let lock: Database | undefined;
  try {
    lock = new Database(join(folder, LOCK));
    lock.run("PRAGMA busy_timeout = 0");
    // A journal would be left by a process that is killed.
    lock.run("PRAGMA journal_mode = OFF");
    lock.run("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (!(error instanceof SQLiteError)) throw error;
    if (error.code === "SQLITE_BUSY") return undefined;
    throw new BootstrapError(`Cannot download to "${folder}": ${error.message}`, {
      code: "SYSTEM",
      next: `Is there room, and may this user write "${LOCK}" there?`,
      cause: error,
    });
  }
}

function busy(folder: string): BootstrapError {
  return new BootstrapError(
    `Cannot download to "${folder}": ${readOwner(folder)} does so already`,
    {
      code: "BUSY",
      next: "Wait until it has ended, and run this again",
    },
  );
}

function readOwner(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER), "utf8") || "another run";
  } catch {
    return "another run";
  }
}
