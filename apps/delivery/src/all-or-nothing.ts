import { DeliveryError } from "./errors.ts";
import { listGit, runGit } from "./git.ts";
import { holdLock } from "./hold-lock.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Acts on a tree without open changes, one command at a time. What it does not commit is taken back of all that Git knows.
 * So it is after Ctrl-C, too: the program that runs then is stopped, this one is not, and takes that for a failure.
 * Throws DeliveryError NOT_CLEAN where something is not committed, or where another command is at work.
 */
export function allOrNothing<T>(root: string, what: string, act: () => T): T {
  return holdLock(root, what, () => {
    requireCleanTree(root, what);
    return actAndMend(root, act);
  });
}

function actAndMend<T>(root: string, act: () => T): T {
  const goOn = () => {};
  for (const signal of SIGNALS) process.on(signal, goOn);
  try {
    return act();
  } finally {
    runGit(root, ["reset", "--quiet", "--hard"]);
    for (const signal of SIGNALS) process.off(signal, goOn);
  }
}

/** Refuses where something is not committed yet: it would go into the commit that follows. */
export function requireCleanTree(root: string, what: string): void {
  const [first, ...rest] = listGit(root, ["status", "--porcelain", "--untracked-files=no"]);
  if (first === undefined) return;
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  const message = `Cannot ${what}: ${first.slice(3)}${more} changed and not committed; commit it, or git restore --staged --worktree . takes all back`;
  throw new DeliveryError(message, { code: "NOT_CLEAN" });
}
