import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listGit, runGit } from "../git.ts";
import type { Delivery } from "../promote/rollback.ts";

/** The file in an overlay that says: nothing is promoted or taken back here by itself; its text is the reason. */
const HOLD_FILE = "HOLD";

/** Why an overlay is held; undefined where it is not. */
export function readHold(root: string, overlay: string): string | undefined {
  const file = join(root, "gitops/overlays", overlay, HOLD_FILE);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8").trim() || "no reason is given";
}

/**
 * The commit by which a person took back what a command did, while its candidate is still the same one: what
 * was decided by a person is not decided otherwise by a program. A newer candidate lifts it.
 */
export function findPersonsRevert(
  root: string,
  {
    deliveries,
    command,
    pinFile,
  }: { deliveries: readonly Delivery[]; command: string; pinFile: string },
): Delivery | undefined {
  const revert = deliveries.find(
    ({ reverts, isJudged }) =>
      !isJudged &&
      deliveries.some(
        (each) =>
          each.command === command && reverts.some((reverted) => each.hash.startsWith(reverted)),
      ),
  );
  if (revert === undefined) return undefined;
  const range = `${revert.hash}..HEAD`;
  const newer = listGit(root, ["log", "--format=%H", range, "--", pinFile]);
  return newer.length === 0 ? revert : undefined;
}

/** When the newest commit that changed gitops/ was made: what was counted before is about another tree. */
export function readLastChange(root: string): Date {
  return new Date(runGit(root, ["log", "-1", "--format=%cI", "--", "gitops"]).trim());
}
