import { relative } from "node:path";
import { renderDashboards } from "./dashboards/render-dashboards.ts";
import { diffOverlays, renderChanges } from "./diff.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, parseResources, TREE } from "./render.ts";
import { runSeal } from "./seal-command.ts";

const USAGE = `Usage: bun gitops/cli.ts <command>
  render        writes the dashboards and the golden files
  diff [<ref>]  prints what the working tree changes in each overlay against a commit (main)
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

/** The golden file of a commit, which its own test kept equal to what its tree rendered to. */
function readGolden(ref: string, overlay: string): unknown[] {
  const path = relative(TREE, goldenPath(overlay));
  const known = Bun.spawnSync(["git", "rev-parse", "--verify", "--quiet", `${ref}^{commit}`], {
    cwd: TREE,
  });
  if (!known.success) throw new Error(`Cannot diff: there is no commit "${ref}"`);
  const shown = Bun.spawnSync(["git", "show", `${ref}:./${path}`], { cwd: TREE });
  // An overlay that the commit did not have yet is all new.
  return shown.success ? parseResources(shown.stdout.toString()) : [];
}

function diff(ref: string): void {
  for (const overlay of listOverlays()) {
    const before = readGolden(ref, overlay);
    const after = parseResources(renderGolden(overlay));
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
