import { runGit } from "./git.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Acts on a tree without open changes. Unless `keep` was called in it, all that Git knows is as it was afterwards. So it
 * is after Ctrl-C, too: the program that runs then is stopped, this one is not, and takes that for a failure.
 */
export function allOrNothing<T>(root: string, act: (keep: () => void) => T): T {
  let isKept = false;
  const goOn = () => {};
  for (const signal of SIGNALS) process.on(signal, goOn);
  try {
    return act(() => {
      isKept = true;
    });
  } finally {
    if (!isKept) runGit(root, ["reset", "--quiet", "--hard"]);
    for (const signal of SIGNALS) process.off(signal, goOn);
  }
}
