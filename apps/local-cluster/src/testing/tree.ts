import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder with files, and Git in it where asked for. */
export interface Tree {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  readonly git: (...words: readonly string[]) => string;
  /** Commits all that is there. */
  readonly commit: (subject: string) => void;
  readonly remove: () => void;
}

/** Makes a folder below the system's temporary one with these files. */
export function createTree(files: Readonly<Record<string, string>> = {}): Tree {
  const folder = mkdtempSync(join(tmpdir(), "hookline-tree-"));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const git = (...words: readonly string[]) => runGitAs(folder, words);
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    folder,
    write,
    git,
    commit: (subject) => {
      git("add", "--all");
      git("commit", "--quiet", "--message", subject);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs git as a person of the tests. */
function runGitAs(folder: string, words: readonly string[]): string {
  const who = [
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  const child = Bun.spawnSync(["git", "-C", folder, ...who, ...words], { stdin: "ignore" });
  if (child.exitCode !== 0) throw new Error(`git ${words[0]}: ${child.stderr.toString()}`);
  return child.stdout.toString().trim();
}
