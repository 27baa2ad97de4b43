import { rename, writeFile } from "node:fs/promises";
import { unwritable } from "./errors.ts";

/** Puts a text in place in one step: a disk that is full does not cut what was there. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
