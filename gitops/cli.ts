import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { runComment } from "./comment-command.ts";
import { renderDashboards } from "./dashboards/render-dashboards.ts";
import { runDiff } from "./diff-command.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, TREE } from "./render.ts";
import { runSeal } from "./seal-command.ts";

const USAGE = `Usage: bun gitops/cli.ts <command>
  render        writes the dashboards and the golden files
  diff [<ref>]  prints what the working tree changes in Argo CD's applications and in each overlay
                against a commit (main); --json prints it as JSON
  comment <file> --bytes <n> --whole <where>
                prints what diff printed as Markdown of at most so many bytes; where lines are left out it
                says how many, and where all of it is
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
  const overlays = listOverlays();
  for (const overlay of overlays) await write(goldenPath(overlay), renderGolden(overlay));
  for (const name of readdirSync(dirname(goldenPath("")))) {
    const overlay = basename(name, ".yaml");
    if (overlays.includes(overlay)) continue;
    rmSync(goldenPath(overlay));
    console.log(`gitops/golden/${name}: deleted, there is no such overlay`);
  }
}

const [command, ...rest] = Bun.argv.slice(2);
try {
  if (Bun.argv.includes("--help")) console.log(USAGE);
  else if (command === "render" && rest.length === 0) await render();
  else if (command === "diff") process.stdout.write(runDiff(rest));
  else if (command === "comment") process.stdout.write(runComment(rest));
  else if (command === "seal") process.stdout.write(await runSeal(rest));
  else throw new TypeError(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // As the other programs: a mistake in the call is 2.
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
