import { spawnSync } from "node:child_process";
import { commitAll, requireIdentity } from "../adopt.ts";
import { allOrNothing } from "../all-or-nothing.ts";
import { DeliveryError } from "../errors.ts";
import { listGit } from "../git.ts";
import { render } from "../render.ts";
import { lintOverlays } from "./lint-overlays.ts";

/** The trailer by which a later command knows what was delivered, and how. */
export const TRAILER = "Hookline-Delivery";
/** The trailer of what `judge` did: a program's decision, which a person may take back for good. */
export const JUDGE_TRAILER = "Hookline-Judge";

export interface TreeChange {
  /** The first line of the commit. */
  readonly subject: string;
  /** Why, for the commit's body. */
  readonly why?: string;
  /** The command as it could be given again, for the trailer. */
  readonly command: string;
  /** Whether a program decided it. */
  readonly isJudged?: boolean;
  /** Edits files below `root`. */
  readonly apply: (root: string) => void;
  /** Shows what would be, and leaves the tree as it was. */
  readonly dryRun: boolean;
}

/** What came of it; `commit` is absent where nothing was committed. */
export interface TreeResult {
  readonly files: readonly string[];
  /** What it does to the rendered resources, in Argo CD's order. */
  readonly diff: string;
  readonly commit?: string;
}

/**
 * Edits the tree, renders it, checks it and commits it, all or nothing: what the checks refuse is taken
 * back. Throws DeliveryError NOT_CLEAN, GIT, LINT, NOTHING_TO_DO.
 */
export function changeTree(root: string, change: TreeChange): TreeResult {
  return allOrNothing(root, change.command, () => {
    if (!change.dryRun) requireIdentity(root, change.command);
    change.apply(root);
    render(root);
    const files = listGit(root, ["diff", "--name-only", "HEAD"]);
    if (files.length === 0) {
      throw new DeliveryError("Cannot change the tree: it is so already", {
        code: "NOTHING_TO_DO",
      });
    }
    lintOverlays(root);
    const diff = describeDiff(root);
    if (change.dryRun) return { files, diff };
    return { files, diff, commit: commitAll(root, composeMessage(change)) };
  });
}

function composeMessage({ subject, why, command, isJudged = false }: TreeChange): string {
  const trailers = `${TRAILER}: ${command}${isJudged ? `\n${JUDGE_TRAILER}: decided by its tests` : ""}`;
  return [subject, ...(why === undefined ? [] : [why]), trailers].join("\n\n");
}

/** `bun run diff HEAD`. */
function describeDiff(root: string): string {
  const words = ["run", "--silent", "diff", "HEAD"];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) return stdout;
  const why = signal === null ? stderr.trim() : `${signal} stopped it`;
  throw new DeliveryError(`Cannot compare with HEAD: ${why}`, { code: "BAD_FILE" });
}
