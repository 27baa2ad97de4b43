// What tells that there is something new to deploy: a save in the folder, or a commit on the branch.

import { type FSWatcher, statSync, watch } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "@hookline/command-line";
import { UpError } from "../errors.ts";
import { type Branch, runGit } from "./git.ts";

export interface Following {
  readonly stop: () => void;
}

/** An editor writes several files, or one in several steps, when it saves. */
const DEBOUNCE_MS = 150;
/** How often the branch is looked at; two reads of a file's date. */
const POLL_MS = 500;

/**
 * Calls `changed` a moment after the last of some writes below the folder, and `lost` where the system cannot
 * go on with that. Throws NO_WATCH where it cannot begin.
 */
export function followFiles(
  folder: string,
  { changed, lost }: { readonly changed: () => void; readonly lost: (error: UpError) => void },
): Following {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = startWatcher(folder, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, DEBOUNCE_MS);
  });
  watcher.on("error", (error) => lost(refuseWatch(folder, error)));
  return {
    stop: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

function startWatcher(folder: string, written: () => void): FSWatcher {
  try {
    return watch(folder, { recursive: true }, written);
  } catch (error) {
    throw refuseWatch(folder, error);
  }
}

function refuseWatch(folder: string, cause: unknown): UpError {
  const message = `Cannot follow saves in "${folder}": ${messageOf(cause)}; bun run up --git follows commits`;
  return new UpError(message, { code: "NO_WATCH", cause });
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

/** Nothing of a file that is not there, or cannot be looked at now: the following must not end for it. */
function describeFile(path: string): string {
  try {
    const { mtimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs}/${size}/${ino}`;
  } catch {
    return "";
  }
}
