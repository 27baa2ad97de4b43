// What tells that there is something new to deploy: a save in the folder, or a commit on the branch.
import { statSync, watch } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type Branch, runGit } from "./git.ts";

export interface Following {
  readonly stop: () => void;
}

/** An editor writes several files, or one in several steps, when it saves. */
const DEBOUNCE_MS = 150;
/** How often the branch is looked at; two reads of a file's date. */
const POLL_MS = 500;

/** Calls `changed` a moment after the last of some writes below the folder. */
export function followFiles(folder: string, changed: () => void): Following {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, DEBOUNCE_MS);
  });
  return {
    stop: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Calls `changed` when the branch may have moved: Git writes it to one of two files. */
export function followBranch({ root, ref }: Branch, changed: () => void): Following {
  const files = [ref, "packed-refs", "reftable/tables.list"].map((path) =>
    runGit(root, ["rev-parse", "--path-format=absolute", "--git-path", path]),
  );
  const stopping = new AbortController();
  const poll = async () => {
    let before = files.map(describeFile).join();
    while (!stopping.signal.aborted) {
      await wait(POLL_MS, undefined, { signal: stopping.signal, ref: false });
      const now = files.map(describeFile).join();
      if (now !== before) changed();
      before = now;
    }
  };
  // It only ends by being stopped.
  poll().catch(() => {});
  return { stop: () => stopping.abort() };
}

function describeFile(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : `${stat.mtimeNs}/${stat.size}/${stat.ino}`;
}
