import { appendFileSync, cpSync, existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { TREE } from "./render.ts";

const ROOT = join(TREE, "..");
/** What `bun run render` reads and writes, and what lies beside it. */
const PARTS = [
  ".ci/bench.ts",
  ".ci/render.ts",
  "bootstrap",
  "compose",
  "gitops",
  "package.json",
  "packages",
];

/** What a program said, and how it ended. */
export interface Said {
  readonly output: string;
  readonly errors: string;
  readonly code: number;
}

/** A copy of the repository to be changed and thrown away, with a commit `main` of its own. */
export interface Copy {
  readonly root: string;
  readonly run: (words: readonly string[], env?: Readonly<Record<string, string>>) => Said;
  readonly git: (...words: readonly string[]) => Said;
}

/** Copies the working tree, installed packages as links. `git: false` leaves it without a repository. */
export function copyRepository(options: { readonly git: boolean }): Copy {
  const root = mkdtempSync(join(tmpdir(), "hookline-copy-"));
  for (const part of PARTS) {
    cpSync(join(ROOT, part), join(root, part), {
      recursive: true,
      filter: (path) => !/(^|\/)(node_modules|prepared)$/.test(relative(ROOT, path)),
    });
  }
  for (const folder of ["", "bootstrap", "gitops"]) {
    const modules = join(ROOT, folder, "node_modules");
    if (existsSync(modules)) symlinkSync(modules, join(root, folder, "node_modules"));
  }
  const run: Copy["run"] = (words, env = {}) => {
    const { stdout, stderr, exitCode } = Bun.spawnSync([...words], {
      cwd: root,
      // Neither the person's own settings nor a repository around the copy.
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CEILING_DIRECTORIES: tmpdir(),
        ...env,
      },
    });
    return { output: stdout.toString(), errors: stderr.toString(), code: exitCode };
  };
  const git: Copy["git"] = (...words) =>
    run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", ...words]);
  if (options.git) {
    git("init", "--quiet", "--initial-branch", "main");
    // The links among them, which no .gitignore of ours names.
    appendFileSync(join(root, ".git", "info", "exclude"), "node_modules\n");
    git("add", "--all");
    git("commit", "--quiet", "--message", "before");
  }
  return { root, run, git };
}
