import { DeliveryError } from "../errors.ts";
import { listGit, runGit } from "../git.ts";
import { JUDGE_TRAILER, TRAILER, type TreeChange } from "./change-tree.ts";

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

/** The commits that changed gitops/, newest first. */
export function listDeliveries(root: string, limit = 500): Delivery[] {
  const trailers = [TRAILER, JUDGE_TRAILER].map(
    (key) => `%(trailers:key=${key},valueonly,unfold,separator=%x20)`,
  );
  const format = `%H%n%s%n${trailers.join("%n")}%n%B%x00`;
  const words = ["log", `--max-count=${limit}`, `--format=${format}`, "--", "gitops"];
  return runGit(root, words)
    .split("\0")
    .map((record) => record.replace(/^\n/, ""))
    .filter((record) => record !== "")
    .map((record) => {
      const [hash = "", subject = "", command = "", judge = "", ...body] = record.split("\n");
      const reverts = [...body.join("\n").matchAll(REVERTS)].map(([, reverted = ""]) => reverted);
      const isJudged = judge !== "";
      return { hash, subject, command: command === "" ? undefined : command, isJudged, reverts };
    });
}

/** The newest delivery made by a command that nothing has taken back yet. */
function findLastDelivery(deliveries: readonly Delivery[]): Delivery | undefined {
  const taken = deliveries.flatMap(({ reverts }) => reverts);
  return deliveries.find(
    ({ hash, command, reverts }) =>
      command !== undefined &&
      reverts.length === 0 &&
      !taken.some((reverted) => hash.startsWith(reverted)),
  );
}

/** Takes a commit back; without a name the newest delivery. Throws DeliveryError NOTHING_TO_DO, GIT. */
export function planRollback(
  root: string,
  name: string | undefined,
): Pick<TreeChange, "subject" | "why" | "command" | "apply"> {
  const delivery =
    name === undefined ? findLastDelivery(listDeliveries(root)) : readOne(root, name);
  if (delivery === undefined) {
    const message =
      "Cannot roll back: no promotion or release that is still in force; name a commit";
    throw new DeliveryError(message, { code: "NOTHING_TO_DO" });
  }
  const { hash, subject } = delivery;
  return {
    subject: `fix(gitops): take back ${hash.slice(0, 7)}`,
    why: `${subject}\n\nThis reverts commit ${hash}.`,
    command: `rollback ${hash.slice(0, 12)}`,
    apply: (at) => {
      try {
        runGit(at, ["revert", "--no-commit", hash]);
      } catch (error) {
        runGit(at, ["revert", "--abort"]);
        const message = `Cannot roll back ${hash.slice(0, 7)}: what it changed was changed again since; ${String(error instanceof Error ? error.message : error)}`;
        throw new DeliveryError(message, { code: "GIT", cause: error });
      }
      // The change is in the index now; it is committed as any other.
      runGit(at, ["revert", "--quit"]);
      runGit(at, ["reset", "--quiet"]);
    },
  };
}

function readOne(root: string, name: string): Delivery {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const [hash] = tryList(root, words);
  if (hash === undefined) {
    throw new DeliveryError(`Cannot roll back "${name}": no such commit`, { code: "BAD_ARGUMENT" });
  }
  const subject = runGit(root, ["log", "-1", "--format=%s", hash]).trim();
  return { hash, subject, command: undefined, isJudged: false, reverts: [] };
}

function tryList(root: string, words: readonly string[]): string[] {
  try {
    return listGit(root, words);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === "GIT") return [];
    throw error;
  }
}
