import { readVersion } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import type { Run } from "./card/build-card.ts";
import type { Card } from "./card/card.ts";
import { readLicences } from "./card/licences.ts";
import { writeModel } from "./card/write-model.ts";
import { type RunOptions, type RunProgress, runTraining } from "./pipeline.ts";

export interface JobOptions extends Omit<RunOptions, "onProgress"> {
  /** Train the same model on all rows too, for the comparison in the card. */
  readonly twin: boolean;
  /** The folder that is written; it must not be there. */
  readonly folder: string;
  readonly onProgress?: (progress: JobProgress) => void;
}

export interface JobProgress extends RunProgress {
  readonly twin: boolean;
}

/** Trains one model, its twin if asked, and writes the folder of the model. */
export async function runJob(options: JobOptions): Promise<Card> {
  const { onProgress } = options;
  const run = (twin: boolean): Promise<Run> =>
    runTraining({
      ...options,
      excludeSources: twin ? [] : options.excludeSources,
      onProgress: (progress) => onProgress?.({ ...progress, twin }),
    });
  const shipped = await run(false);
  const twin = options.twin ? await run(true) : undefined;
  options.signal?.throwIfAborted();
  return writeModel(options.folder, shipped, {
    created: new Date(),
    trainer: readVersion(packageJson, { folder: import.meta.dirname }),
    licenceOf: await readLicences(),
    ...(twin && { twin }),
  });
}
