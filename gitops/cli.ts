import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { renderDashboards } from "./dashboards/render-dashboards.ts";
import { diffOverlays, renderChanges } from "./diff.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, parseResources, TREE } from "./render.ts";
import { runSeal } from "./seal-command.ts";

const USAGE = `Usage: bun gitops/cli.ts <command>
  render        writes the dashboards and the golden files
  diff [<ref>]  prints what the working tree changes in Argo CD's applications and in each overlay
                against a commit (main)
  seal <namespace>/<name> <key> --certificate <file> [--file <file>]
                prints a SealedSecret of a value that is typed, piped in, or in a file`;

/** Writes a file if it does not hold the text yet, and says so. */
async function write(path: string, text: string): Promise<void> {
  const file = Bun.file(path);
  if ((await file.exists()) && (await file.text()) === text) return;
  await Bun.write(file, text);
  console.log(`gitops/${relative(TREE, path)}`);
}

async function render(): Promise<void> {
  // Dashboards first: the overlays render them.
  for (const [path, text] of renderDashboards()) await write(path, text);
  for (const overlay of listOverlays()) {
    await write(goldenPath(overlay), renderGolden(overlay));
  }
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
  return text === undefined ? [] : parseResources(text);
}

/** What Argo CD applies of `applications/`: all but the list of its files. */
function isApplied(resource: unknown): boolean {
  return Reflect.get(Object(resource), "kind") !== "Kustomization";
}

function diff(ref: string): void {
  if (git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`) === undefined) {
    throw new Error(`Cannot diff: there is no commit "${ref}"`);
  }
  const applications = diffOverlays(
    listNames(ref, "applications")
      .flatMap((name) => readResources(ref, `applications/${name}`))
      .filter(isApplied),
    readdirSync(join(TREE, "applications"))
      .flatMap((name) => parseResources(readFileSync(join(TREE, "applications", name), "utf8")))
      .filter(isApplied),
  );
  if (applications.length > 0) process.stdout.write(renderChanges("applications", applications));
  // A golden file was kept equal to what its overlay rendered to by its own test.
  const now = listOverlays();
  const former = listNames(ref, "golden").map((name) => basename(name, ".yaml"));
  for (const overlay of new Set([...now, ...former])) {
    const before = readResources(ref, relative(TREE, goldenPath(overlay)));
    const after = now.includes(overlay) ? parseResources(renderGolden(overlay)) : [];
    process.stdout.write(renderChanges(overlay, diffOverlays(before, after)));
  }
}

const [command, ...rest] = Bun.argv.slice(2);
try {
  if (Bun.argv.includes("--help")) console.log(USAGE);
  else if (command === "render" && rest.length === 0) await render();
  else if (command === "diff" && rest.length <= 1) diff(rest[0] ?? "main");
  else if (command === "seal") process.stdout.write(await runSeal(rest));
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
