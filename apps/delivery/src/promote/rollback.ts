import { DeliveryError } from "../errors.ts";
import { listGit, runGit, tryGit } from "../git.ts";
import { JUDGE_TRAILER, TRAILER, type TreeChange } from "./change-tree.ts";
import { listLaterChanges } from "./later-changes.ts";
import { readWeightAt } from "./plan-promotion.ts";

/** A commit that changed what the cluster pulls. */
export interface Delivery {
  readonly hash: string;
  readonly subject: string;
  /** The command that made it; absent for one that a person made by hand. */
  readonly command: string | undefined;
  /** Whether a program decided it. */
  readonly isJudged: boolean;
  /** The commits that it takes back. */
  readonly reverts: readonly string[];
}

const REVERTS = /^This reverts commit ([0-9a-f]{7,40})\b/gm;

/** The last 500 commits that changed gitops/, newest first. */
export function listDeliveries(root: string): Delivery[] {
  const trailers = [TRAILER, JUDGE_TRAILER].map(
    (key) => `%(trailers:key=${key},valueonly,unfold,separator=%x20)`,
  );
  const format = `%H%n%s%n${trailers.join("%n")}%n%B%x00`;
  const words = ["log", "--max-count=500", `--format=${format}`, "--", "gitops"];
  return runGit(root, words)
    .split("\0")
    .map((record) => record.replace(/^\n/, ""))
    .filter((record) => record !== "")
    .map((record) => {
      const [hash = "", subject = "", command = "", judge = "", ...body] = record.split("\n");
      const reverts = [...body.join("\n").matchAll(REVERTS)].flatMap(([, reverted = ""]) => [
        reverted,
        ...listBrought(root, reverted),
      ]);
      const isJudged = judge !== "";
      return { hash, subject, command: command === "" ? undefined : command, isJudged, reverts };
    });
}

/** The commits that a merge brought, as a pull request does; none of another commit. */
function listBrought(root: string, hash: string): string[] {
  return tryGit(root, ["rev-list", `${hash}^1..${hash}^2`]);
}

/**
 * The newest delivery made by a command that is in force: nothing has taken it back, or what did was taken
 * back itself.
 */
function findLastDelivery(deliveries: readonly Delivery[]): Delivery | undefined {
  const taken: string[] = [];
  for (const delivery of deliveries) {
    if (taken.some((reverted) => delivery.hash.startsWith(reverted))) continue;
    if (delivery.command !== undefined && delivery.reverts.length === 0) return delivery;
    taken.push(...delivery.reverts);
  }
  return undefined;
}

/** The canary's share before a commit and after it; absent where it did not change. */
interface Shares {
  readonly before: number;
  readonly after: number;
}

type RollbackPlan = Pick<TreeChange, "subject" | "why" | "command" | "apply"> & {
  /** What is to be known of it besides. */
  readonly note?: string;
};

/** Takes a commit back; without a name the newest delivery. Throws DeliveryError NOTHING_TO_DO, GIT. */
export function planRollback(root: string, name: string | undefined): RollbackPlan {
  const delivery =
    name === undefined ? findLastDelivery(listDeliveries(root)) : readOne(root, name);
  if (delivery === undefined) {
    const message =
      "Cannot roll back: no promotion or release that is still in force; name a commit";
    throw new DeliveryError(message, { code: "NOTHING_TO_DO" });
  }
  const { hash, subject } = delivery;
  requireParent(root, delivery);
  const shares = readShares(root, hash);
  const isRise = shares !== undefined && shares.before > shares.after;
  if (isRise && delivery.command?.startsWith("promote canary --weight") === true) {
    const message = `Cannot roll back: the last change, ${describe(delivery)}, lowered the canary from ${shares.before} to ${shares.after} in 100, and taking it back would raise it; if that is meant, rollback ${hash.slice(0, 7)}`;
    throw new DeliveryError(message, { code: "NOTHING_TO_DO" });
  }
  return {
    subject: `fix(gitops): take back ${hash.slice(0, 7)}`,
    why: `${subject}\n\nThis reverts commit ${hash}.`,
    command: `rollback ${hash.slice(0, 12)}`,
    apply: (at) => revert(at, delivery, shares),
    ...(isRise && {
      note: `the canary rises from ${shares.after} to ${shares.before} in 100`,
    }),
  };
}

/** To Git the first commit of a history, a cut one too, made all that there was before: to take it back were to take all away. */
function requireParent(root: string, delivery: Delivery): void {
  const words = ["rev-parse", "--verify", "--quiet", `${delivery.hash}^`];
  if (tryGit(root, words).length > 0) return;
  const message = `Cannot roll back ${describe(delivery)}: this history begins with it; where it is cut, git fetch --unshallow`;
  throw new DeliveryError(message, { code: "GIT" });
}

/** Takes a commit back in the tree and in the index, to be committed as any other change: a file that comes back, too. */
function revert(root: string, delivery: Delivery, shares: Shares | undefined): void {
  const { hash } = delivery;
  const isMerge = tryGit(root, ["rev-parse", "--verify", "--quiet", `${hash}^2`]).length > 0;
  try {
    // Of a merge, what it brought to the branch that it was made on.
    runGit(root, ["revert", "--no-commit", ...(isMerge ? ["--mainline=1"] : []), hash]);
  } catch (error) {
    const files = listGit(root, ["diff", "--name-only", "--diff-filter=U"]);
    if (files.length === 0) throw error;
    const later = listLaterChanges(root, hash, files).join(", ") || "a later commit";
    const next =
      shares === undefined
        ? "take that back first"
        : `for the share from before, promote canary --weight ${shares.before}`;
    const message = `Cannot roll back ${describe(delivery)}: the same lines were changed again by ${later}; ${next}`;
    throw new DeliveryError(message, { code: "GIT", cause: error });
  }
}

function readShares(root: string, hash: string): Shares | undefined {
  const [before, after] = [readWeightAt(root, `${hash}^`), readWeightAt(root, hash)];
  return before === undefined || after === undefined || before === after
    ? undefined
    : { before, after };
}

function describe({ hash, subject }: Delivery): string {
  return `${hash.slice(0, 7)} "${subject}"`;
}

function readOne(root: string, name: string): Delivery {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const [hash] = tryGit(root, words);
  if (hash === undefined) {
    throw new DeliveryError(`Cannot roll back "${name}": no such commit`, { code: "BAD_ARGUMENT" });
  }
  const subject = runGit(root, ["log", "-1", "--format=%s", hash]).trim();
  return { hash, subject, command: undefined, isJudged: false, reverts: [] };
}
