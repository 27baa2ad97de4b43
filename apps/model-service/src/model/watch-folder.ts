import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describeError } from "@hookline/http-service";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Model } from "./model.ts";
import { ModelError } from "./model-error.ts";
import type { Slot } from "./slot.ts";

interface WatchFolderOptions {
  readonly folder: string;
  readonly pollMs: number;
  /** What `readMarks` gave before the model in the slot was loaded: a change since then is one to try. */
  readonly marks: string;
  readonly load: () => Promise<Model>;
  readonly slot: Slot;
  readonly metrics: Pick<Metrics, "swapped" | "describe">;
  readonly log: Log;
  /** Instead of looking at the folder; for tests. */
  readonly readMarks?: (folder: string) => Promise<string>;
}

export interface Watch {
  /** Ends the watching, and the load under way. */
  stop(): Promise<void>;
}

/**
 * Puts a new model in place of the one that answers when its folder changes.
 *
 * Polls, because the folder may be a mounted volume or a link that is turned over, which file
 * events do not tell of. A change is tried when two polls in a row saw the same files, so that a
 * copy under way is left alone; whatever is wrong with it, the old model goes on answering and the
 * same files are not tried again.
 */
export function watchFolder(options: WatchFolderOptions): Watch {
  const { folder, pollMs, readMarks: look = readMarks } = options;
  let tried = options.marks;
  let seen = tried;
  let working = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function poll(): Promise<void> {
    const marks = await look(folder);
    if (marks !== tried && marks === seen) {
      tried = marks;
      await swap(options);
    }
    seen = marks;
  }

  function schedule(): void {
    if (!stopped) {
      timer = setTimeout(() => {
        working = poll().then(schedule);
      }, pollMs);
    }
  }

  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

async function swap({ load, slot, metrics, log }: WatchFolderOptions): Promise<void> {
  try {
    const model = await load();
    metrics.describe(model);
    metrics.swapped("loaded");
    const { name, version } = model.card;
    log.write("info", "model-swapped", { name, version, label: model.label });
    await slot.put(model);
  } catch (error) {
    metrics.swapped("refused");
    const code = error instanceof ModelError ? error.code : "UNKNOWN";
    const { name, version } = slot.current?.card ?? {};
    log.write("error", "model-refused", { code, cause: describeError(error), kept: name, version });
  }
}

/** What shows that a file of a folder was replaced: where it lies, its size and when it was written. */
export async function readMarks(folder: string): Promise<string> {
  const marks = await Promise.all(
    ["card.json", "model.onnx"].map((name) =>
      stat(join(folder, name)).then(
        ({ dev, ino, size, mtimeMs }) => `${dev}:${ino}:${size}:${mtimeMs}`,
        () => "absent",
      ),
    ),
  );
  return marks.join(" ");
}
