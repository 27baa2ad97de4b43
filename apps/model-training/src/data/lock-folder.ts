import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Lock, takeLock } from "@hookline/command-line";
import { failure, unwritable } from "./errors.ts";

/**
 * Makes the folder and keeps it for this process until the function that it gives is called: two runs would
 * continue each other's downloads and clear each other's temporary files. What a process that is gone has
 * left is taken over. Throws a TrainingError OUTPUT_FAILED when another process has the folder.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const file = join(folder, ".running");
  const lock = takeFile(file);
  if (lock.status === "held") return lock.release;
  const message = `Cannot write to "${folder}": process ${lock.holder} is at work there; wait for it, or remove "${file}" if that is another program`;
  throw failure("OUTPUT_FAILED", message);
}

function takeFile(file: string): Lock {
  try {
    return takeLock(file);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}
