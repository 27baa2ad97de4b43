import { realpathSync } from "node:fs";
import { messageOf } from "@hookline/command-line";
import { UpError } from "../errors.ts";

/** Runs git in a folder and gives what it printed, less the last line break; throws GIT with git's words. */
export function runGit(folder: string, words: readonly string[]): string {
  const { exitCode, stdout, stderr } = spawnGit(folder, words);
  if (exitCode === 0) return stdout.toString().trimEnd();
  // What it advises stands in the lines behind the first.
  const said = stderr.toString().trim().replace(/\s+/g, " ");
  throw new UpError(`Cannot run git ${words[0]}: ${said}`, { code: "GIT" });
}

function spawnGit(folder: string, words: readonly string[]) {
  try {
    return Bun.spawnSync(["git", "-C", folder, ...words], { stdin: "ignore" });
  } catch (cause) {
    const why = Bun.which("git") === null ? "git is not installed" : messageOf(cause);
    throw new UpError(`Cannot run git ${words[0]}: ${why}`, { code: "GIT", cause });
  }
}

/** A branch that is followed, in the checkout that holds a folder. */
export interface Branch {
  /** The checkout's top folder. */
  readonly root: string;
  /** As `refs/heads/main`. */
  readonly ref: string;
  readonly name: string;
}

/** The branch that is checked out where the folder is; throws GIT where there is none. */
export function readBranch(folder: string): Branch {
  const root = realpathSync(runGit(folder, ["rev-parse", "--show-toplevel"]));
  let ref: string;
  try {
    ref = runGit(folder, ["symbolic-ref", "--quiet", "HEAD"]);
  } catch (error) {
    const message = "Cannot follow Git: no branch is checked out (HEAD is detached)";
    throw new UpError(message, { code: "GIT", cause: error });
  }
  return { root, ref, name: ref.replace("refs/heads/", "") };
}

export interface Commit {
  readonly id: string;
  /** Short id and subject, as `1a2b3c4 feat: move the weight`. */
  readonly text: string;
}

/** The newest commit of a branch. */
export function readCommit({ root, ref }: Branch): Commit {
  const line = runGit(root, ["log", "-1", "--no-show-signature", "--format=%H %h %s", ref, "--"]);
  const [id = "", ...text] = line.split(" ");
  return { id, text: text.join(" ") };
}

/** The checkout's state in words, for a tree that is deployed as it lies there. */
export function describeTree(folder: string): string {
  try {
    const head = runGit(folder, ["rev-parse", "--short", "HEAD"]);
    const changed = runGit(folder, ["status", "--porcelain", "--", "."]) !== "";
    return changed ? `working tree (${head} and changes)` : `working tree (${head})`;
  } catch {
    // Without Git, or outside a checkout: an unpacked archive runs too.
    return "working tree";
  }
}
