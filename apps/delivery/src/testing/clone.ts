import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render } from "../render.ts";
import { startOver } from "./start-over.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** Whether this runs in a checkout of Git, which can be cloned. */
export const isCheckout = existsSync(join(ROOT, ".git"));

export interface Clone {
  readonly root: string;
  readonly git: (...words: string[]) => string;
  /** Writes what becomes of the text of a file. */
  readonly edit: (path: string, change: (text: string) => string) => void;
  readonly remove: () => void;
}

/**
 * A clone of this whole repository with its packages, for commands that change and commit. Its history is one commit
 * without a tag, before the first release: a test says the same on main, at a tag, and after a release or a promotion.
 */
export function createClone(): Clone {
  const root = mkdtempSync(join(tmpdir(), "delivery-"));
  const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" });
  execFileSync("git", ["clone", "--quiet", "--depth=1", "--no-tags", `file://${ROOT}`, root]);
  git("config", "user.name", "n");
  git("config", "user.email", "e@example.org");
  execFileSync(process.execPath, ["install", "--frozen-lockfile", "--silent"], { cwd: root });
  startOver(root);
  if (git("status", "--porcelain") !== "") render(root);
  git("checkout", "--quiet", "--orphan", "whole");
  git("commit", "--quiet", "--all", "--message=feat: a tree");
  const edit: Clone["edit"] = (path, change) => {
    const file = join(root, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };
  return { root, git, edit, remove: () => rmSync(root, { recursive: true }) };
}
