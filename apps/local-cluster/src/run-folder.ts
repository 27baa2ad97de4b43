import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@hookline/command-line";
import { UpError } from "./errors.ts";

const PREFIX = "hookline-up-";

interface CreateRunFolderOptions {
  readonly parent?: string;
  readonly remove?: (folder: string) => void;
}

/**
 * Makes the folder of this run below the system's temporary one, and removes those of runs that are gone.
 * Throws NO_FOLDER where none can be made.
 */
export function createRunFolder({
  parent = tmpdir(),
  remove = (folder) => rmSync(folder, { recursive: true, force: true }),
}: CreateRunFolderOptions = {}): string {
  try {
    for (const name of readdirSync(parent)) {
      const pid = Number(/^hookline-up-(\d+)-/.exec(name)?.[1]);
      if (pid > 0 && !isAlive(pid)) tryTo(() => remove(join(parent, name)));
    }
    return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw explainFolder(parent, error);
  }
}

/** What somebody else's run left may not be ours to remove. */
function tryTo(act: () => void): void {
  try {
    act();
  } catch {}
}

/** Why files of the pods cannot be written. */
export function explainFolder(folder: string, cause: unknown): UpError {
  const message = `Cannot write the pods' files to "${folder}": ${messageOf(cause)}; make room there, or set TMPDIR to another folder`;
  return new UpError(message, { code: "NO_FOLDER", cause });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
