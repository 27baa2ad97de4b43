// A folder below --out in which models are made. Whatever happens, it goes, and with it what was
// made only to hold it.
import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

export interface Workshop {
  readonly folder: string;
  /** Removes the workshop, and of the folders above it those that it came with and that are empty. */
  readonly remove: () => Promise<void>;
}

/** Makes a workshop below a folder, which is made too when it is not there. */
export async function createWorkshop(out: string): Promise<Workshop> {
  const parent = resolve(out);
  const made = await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, ".training-"));
  const remove = async () => {
    await rm(folder, { recursive: true, force: true });
    if (made !== undefined) await removeEmpty(parent, resolve(made));
  };
  return { folder, remove };
}

/** Removes a folder and those above it up to `last`; stops at the first that holds something. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  const isGone = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (isGone && folder !== last) await removeEmpty(dirname(folder), last);
}
