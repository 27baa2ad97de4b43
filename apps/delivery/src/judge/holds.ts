import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DeliveryError } from "../errors.ts";
import { listGit, runGit } from "../git.ts";
import type { Delivery } from "../promote/rollback.ts";

/** The file in an overlay that says: nothing is promoted or taken back here by itself; its text is the reason. */
const HOLD_FILE = "HOLD";

/**
 * Why an overlay is held; undefined where it is not. Whatever is called HOLD holds, also a folder or a link to nowhere.
 * Throws DeliveryError BAD_ARGUMENT when there is no such overlay, whose hold would be passed over.
 */
export function readHold(root: string, overlay: string): string | undefined {
  const overlays = join(root, "gitops/overlays");
  // By the list of names: of no name, or of "..", there is a folder too.
  if (!readdirSync(overlays).includes(overlay)) {
    const message = `Cannot obey the hold of overlay "${overlay}": there is no such overlay`;
    throw new DeliveryError(message, { code: "BAD_ARGUMENT" });
  }
  const file = join(overlays, overlay, HOLD_FILE);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return (stat.isFile() && readFileSync(file, "utf8").trim()) || "no reason is given";
}

/**
 * Whether the history of a shallow clone, as CI makes them, may end before the candidate came: a person's revert
 * may lie behind its end. Git shows what came before as if the oldest commit had made it.
 */
export function isHistoryCut(root: string, pinFile: string): boolean {
  const words = ["rev-parse", "--path-format=absolute", "--git-path", "shallow"];
  const ends = runGit(root, words).trim();
  if (!existsSync(ends)) return false;
  const [came = ""] = listGit(root, ["log", "-1", "--format=%H", "--", pinFile]);
  return readFileSync(ends, "utf8").split("\n").includes(came);
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

/** The newest commit that changed gitops/ and is at no remote as far as this checkout knows; none where it knows no remote. */
export function findUnpushed(root: string): string | undefined {
  if (listGit(root, ["for-each-ref", "--count=1", "refs/remotes"]).length === 0) return undefined;
  const words = ["log", "-1", '--format=%h "%s"', "HEAD", "--not", "--remotes", "--", "gitops"];
  return listGit(root, words)[0];
}

/** When the newest commit that changed gitops/ was made: what was counted before is about another tree. */
export function readLastChange(root: string): Date {
  return new Date(runGit(root, ["log", "-1", "--format=%cI", "--", "gitops"]).trim());
}
