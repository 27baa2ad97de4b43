import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failure, unwritable } from "./errors.ts";

/**
 * Makes the folder and keeps it for this process until the function that it gives is called: two runs would
 * continue each other's downloads and clear each other's temporary files. What a process that is gone has
 * left is taken over. Throws a TrainingError OUTPUT_FAILED when another process has the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = fileOf(folder);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const holder = Number(await readFile(path, "utf8").catch(() => Number.NaN));
  if (isAnother(holder)) throw busy(folder, holder, undefined);
  await rm(path, { force: true });
  await writeFile(path, String(process.pid), { flag: "wx" }).catch((cause: unknown) => {
    if (codeOf(cause) === "EEXIST") throw busy(folder, undefined, cause);
    throw unwritable(path, cause);
  });
  return () => rm(path, { force: true });
}

function fileOf(folder: string): string {
  return join(folder, ".running");
}

/** Whether the number is that of a process that runs; our own was another's before, as in a container. */
function isAnother(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function busy(folder: string, holder: number | undefined, cause: unknown) {
  const who = holder === undefined ? "another run" : `process ${holder}`;
  const message = `Cannot write to "${folder}": ${who} is at work there; wait for it, or remove "${fileOf(folder)}" if that is another program`;
  return failure("OUTPUT_FAILED", message, cause);
}
