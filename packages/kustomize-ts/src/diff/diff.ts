import { realpathSync, statSync } from "node:fs";
import { posix, resolve } from "node:path";
import { type BuildOptions, type BuildResult, build } from "../build.ts";
import { BuildError } from "../errors.ts";
import { createGitFileSystem, runGit } from "./git-file-system.ts";
import { compareResources, type ResourceChange } from "./resource-changes.ts";

/** What a working tree renders to, against what a commit renders to. */
export interface Diff {
  /** The folder as it was asked for. */
  readonly path: string;
  readonly ref: string;
  readonly commit: string;
  readonly changes: readonly ResourceChange[];
  /** The resources are the same, in another order. */
  readonly reordered: boolean;
}

export interface DiffOptions extends Omit<BuildOptions, "fs"> {
  /** A commit, branch or tag: anything that git can name. */
  readonly against: string;
}

/**
 * Compares what `path` renders to now with what it rendered to at a commit, without touching the working
 * tree. A folder that one side does not have renders to nothing there. Throws BuildError.
 */
export function diffAgainst(path: string, { against, ...options }: DiffOptions): Diff {
  const folder = existingParent(resolve(path));
  const root = runGit(folder, ["rev-parse", "--show-toplevel"]).toString().trimEnd();
  const commit = resolveCommit(root, against);
  const target = posix.join(realpathSync(folder), posix.relative(folder, resolve(path)));
  const before = renderSide(target, {
    ...options,
    fs: createGitFileSystem(root, commit),
    side: against,
  });
  const after = renderSide(target, { ...options, side: "the working tree" });
  if (before === undefined && after === undefined) {
    throw new BuildError("NO_KUSTOMIZATION", `Cannot compare: neither side has a kustomization`, {
      file: path,
    });
  }
  const changes = compareResources(before?.resources ?? [], after?.resources ?? []);
  const reordered = changes.length === 0 && before?.text !== after?.text;
  return { path, ref: against, commit, changes, reordered };
}

function resolveCommit(root: string, ref: string): string {
  if (ref === "" || ref.startsWith("-")) {
    throw new BuildError("USAGE", `"${ref}" does not name a commit`);
  }
  try {
    return runGit(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])
      .toString()
      .trim();
  } catch (error) {
    throw unknownRef(ref, error);
  }
}

function unknownRef(ref: string, cause: unknown): BuildError {
  return new BuildError("GIT", `Cannot find the commit "${ref}"`, { cause });
}

/** The build of one side; undefined when the side has no such kustomization. */
function renderSide(
  path: string,
  { side, ...options }: BuildOptions & { readonly side: string },
): BuildResult | undefined {
  try {
    return build(path, options);
  } catch (error) {
    if (isAbsent(error, path)) {
      return undefined;
    }
    throw onSide(side, error);
  }
}

/** Whether the build failed because the very folder, not one that it names, is not there. */
function isAbsent(error: unknown, path: string): boolean {
  return (
    error instanceof BuildError &&
    (error.code === "NO_KUSTOMIZATION" ||
      error.code === "FILE_NOT_FOUND" ||
      error.code === "NOT_A_DIRECTORY") &&
    (error.file === path || error.file === "")
  );
}

function onSide(side: string, error: unknown): unknown {
  if (!(error instanceof BuildError)) {
    return error;
  }
  const { code, detail, file, field, line, column } = error;
  const place = { file, field, line, column, cause: error };
  return new BuildError(code, `${detail} (in ${side})`, place);
}

/** The nearest folder above a path that is on the disk: git is run there. */
function existingParent(path: string): string {
  return path === "/" || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? path
    : existingParent(posix.dirname(path));
}
