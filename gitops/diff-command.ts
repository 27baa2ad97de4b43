import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type Change, diffOverlays, renderChanges } from "./diff.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, parseResources, TREE } from "./render.ts";

export const DIFF_HELP = `Usage: bun run diff [COMMIT] [--json]

Prints what the working tree changes in Argo CD's applications and in each overlay against a commit (default main), in
the order in which Argo CD applies it, last what it prunes: + is new, ~ changes (→ is what it becomes), - goes.

  --json  prints it as JSON
  --help  prints this

A wrong call ends with 2, any other failure with 1.`;

/** `diff [COMMIT] [--json]`: what the working tree changes against a commit, as text or JSON. */
export function runDiff(args: readonly string[]): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const [ref = "main", ...more] = positionals;
  if (more.length > 0) {
    throw new TypeError(`Cannot diff: "${positionals.join(" ")}" is more than one commit`);
  }
  requireCommit(ref);
  const changes = [...diffApplications(ref), ...diffTree(ref)];
  if (values.json === true) {
    return `${JSON.stringify(
      changes.map(([name, found]) => ({ name, changes: found })),
      null,
      2,
    )}\n`;
  }
  return changes.map(([name, found]) => renderChanges(name, found)).join("");
}

type Changes = readonly [name: string, changes: readonly Change[]];

function requireCommit(ref: string): void {
  if (Bun.which("git") === null) throw new Error("Cannot diff: git is not installed");
  if (git("rev-parse", "--is-inside-work-tree") === undefined) {
    throw new Error(`Cannot diff: ${TREE} is in no Git repository`);
  }
  if (
    git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`) === undefined
  ) {
    throw new TypeError(`Cannot diff: there is no commit "${ref}"; name one: bun run diff HEAD`);
  }
}

/** Argo CD's own applications, where any of them changes. */
function diffApplications(ref: string): Changes[] {
  const changes = diffOverlays(
    listNames(ref, "applications")
      .flatMap((name) => readResources(ref, `applications/${name}`))
      .filter(isApplied),
    readdirSync(join(TREE, "applications"))
      .flatMap((name) => {
        const text = readFileSync(join(TREE, "applications", name), "utf8");
        return parseResources(text, `applications/${name}`);
      })
      .filter(isApplied),
  );
  return changes.length === 0 ? [] : [["applications", changes]];
}

/** Every overlay of now and of then. A golden file was kept equal to its overlay by its own test. */
function diffTree(ref: string): Changes[] {
  const now = listOverlays();
  const former = listNames(ref, "golden").map((name) => basename(name, ".yaml"));
  return [...new Set([...now, ...former])].map((overlay): Changes => {
    const file = relative(TREE, goldenPath(overlay));
    const before = git("show", `${ref}:./${file}`) ?? "";
    const after = now.includes(overlay) ? renderGolden(overlay) : "";
    // Reading five thousand lines takes longer than rendering them.
    if (before === after) return [overlay, []];
    return [overlay, diffOverlays(parseResources(before, `${ref}:${file}`), parseResources(after))];
  });
}

function git(...words: readonly string[]): string | undefined {
  const { success, stdout } = Bun.spawnSync(["git", ...words], { cwd: TREE });
  return success ? stdout.toString() : undefined;
}

/** The names in a folder of the tree, as a commit has it; none where it has no such folder. */
function listNames(ref: string, folder: string): string[] {
  const names = git("ls-tree", "--name-only", ref, `./${folder}/`)?.trim().split("\n") ?? [];
  return names.map((path) => basename(path)).filter((name) => name.endsWith(".yaml"));
}

/** What a file of the tree holds in a commit; nothing where it is not there. */
function readResources(ref: string, path: string): unknown[] {
  const text = git("show", `${ref}:./${path}`);
  return text === undefined ? [] : parseResources(text, `${ref}:${path}`);
}

/** What Argo CD applies of `applications/`: all but the list of its files. */
function isApplied(resource: unknown): boolean {
  return Reflect.get(Object(resource), "kind") !== "Kustomization";
}
