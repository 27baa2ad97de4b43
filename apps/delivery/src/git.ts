import { spawnSync } from "node:child_process";
import { describeFailure } from "@hookline/command-line";
import { DeliveryError } from "./errors.ts";

/** What a user may have set otherwise, and would stand between the lines that are read here. */
const SETTINGS = ["log.showSignature=false", "core.quotePath=false", "column.ui=never"];

/** Runs `git` in a folder and gives what it prints; throws DeliveryError GIT with what it said. */
export function runGit(folder: string, words: readonly string[]): string {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const { status, signal, stdout, stderr, error } = spawnSync("git", [...settings, ...words], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) {
    const why = Bun.which("git") === null ? "it is not installed" : describeFailure(error);
    throw new DeliveryError(`Cannot run git: ${why}`, { code: "GIT", cause: error });
  }
  if (status === 0) return stdout;
  const why = signal === null ? stderr.trim() : `${signal} stopped it`;
  throw new DeliveryError(`Cannot run git ${words.join(" ")}: ${why}`, { code: "GIT" });
}

/** The lines that `git` prints; none where it refuses. */
export function tryGit(folder: string, words: readonly string[]): string[] {
  try {
    return listGit(folder, words);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === "GIT") return [];
    throw error;
  }
}

/** The lines that `git` prints, without empty ones. */
export function listGit(folder: string, words: readonly string[]): string[] {
  return runGit(folder, words)
    .split("\n")
    .filter((line) => line !== "");
}
