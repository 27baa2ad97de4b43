import { takeLock } from "@hookline/command-line";
import { DeliveryError } from "./errors.ts";
import { runGit } from "./git.ts";

/**
 * Acts while no other command changes this checkout: of two at once, one would commit what the other one wrote. Throws
 * DeliveryError NOT_CLEAN where one is at work.
 */
export function holdLock<T>(root: string, what: string, act: () => T): T {
  const words = ["rev-parse", "--path-format=absolute", "--git-path", "hookline-delivery.lock"];
  const lock = takeLock(runGit(root, words).trim());
  if (lock.status === "busy") {
    const message = `Cannot ${what}: another command is at work here, process ${lock.holder}; wait for it`;
    throw new DeliveryError(message, { code: "NOT_CLEAN" });
  }
  try {
    return act();
  } finally {
    lock.release();
  }
}
