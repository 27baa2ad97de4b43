import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import type { RepoSpec } from "./repo-spec.ts";

/** A week; what is longer, or no whole number, the child process is not started with. */
const MAX_TIMEOUT_MS = 604_800_000;

/** A checkout in a folder of its own. */
export interface Clone {
  readonly directory: string;
  readonly remove: () => void;
}

/** Fetches one revision of a repository, as the real one does: shallow, with its submodules. */
export function cloneRepo(spec: RepoSpec): Clone {
  const directory = realpathSync(
    mkdtempSync(join(process.getBuiltinModule("node:os").tmpdir(), "kustomize-")),
  );
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const git = (...args: string[]) => runGit(args, directory, spec);
  try {
    // A revision that begins with a dash would be an option.
    if (spec.ref.startsWith("-") || spec.cloneSpec.startsWith("-")) {
      throw new BuildError("REMOTE_FAILED", `Cannot fetch "${spec.raw}": it begins with a dash`);
    }
    git("init");
    git("remote", "add", "origin", spec.cloneSpec);
    git("fetch", "--depth=1", spec.cloneSpec, spec.ref === "" ? "HEAD" : spec.ref);
    git("checkout", "FETCH_HEAD");
    if (spec.submodules) git("submodule", "update", "--init", "--recursive");
  } catch (error) {
    remove();
    throw error;
  }
  return { directory, remove };
}

/** Runs git; a failure is told as the real one tells it (api/internal/git gitrunner.go). */
function runGit(args: readonly string[], cwd: string, { timeoutMs }: RepoSpec): void {
  const program = Bun.which("git");
  if (program === null) throw new BuildError("REMOTE_FAILED", "no 'git' program on path");
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const timeout = Math.ceil(Math.min(timeoutMs, MAX_TIMEOUT_MS));
  // Loaded when it is needed only, since most builds start no program.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const result = spawnSync(program, args, { cwd, env, timeout, encoding: "utf8" });
  if (result.status === 0) return;
  const command = [program, ...args].join(" ");
  const isLate =
    result.error !== undefined && "code" in result.error && result.error.code === "ETIMEDOUT";
  const message = isLate
    ? `hit ${timeoutMs / 1000}s timeout running '${command}'`
    : `failed to run '${command}': ${result.stdout}${result.stderr}: exit status ${result.status}`;
  throw new BuildError("REMOTE_FAILED", message, { cause: result.error });
}
