import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { describeFailure, formatError, messageOf } from "@hookline/command-line";
import { runComment } from "./comment-command.ts";
import { renderDashboards } from "./dashboards/render-dashboards.ts";
import { DIFF_HELP, runDiff } from "./diff-command.ts";
import { goldenPath, renderGolden } from "./golden.ts";
import { listOverlays, TREE } from "./render.ts";
import { runSeal } from "./seal-command.ts";

const USAGE = `Usage: bun gitops/cli.ts COMMAND
  render        writes the dashboards and the golden files; bun run render writes all that is generated
  diff [COMMIT] what the working tree changes against a commit; see bun run diff --help
  comment FILE --bytes N --whole WHERE
                prints what diff printed as Markdown of at most so many bytes; where lines are left out it
                says how many, and where all of it is
  seal NAMESPACE/NAME KEY --certificate FILE [--file FILE]
                prints a SealedSecret of a value that is typed, piped in, or in a file

A wrong call ends with 2, any other failure with 1.`;

/** Writes the files that do not hold their text yet, and says so; how many. */
async function writeChanged(files: Iterable<readonly [path: string, text: string]>) {
  let changed = 0;
  for (const [path, text] of files) {
    const file = Bun.file(path);
    if ((await file.exists()) && (await file.text()) === text) continue;
    await Bun.write(file, text);
    console.log(`gitops/${relative(TREE, path)}`);
    changed += 1;
  }
  return changed;
}

async function render(): Promise<void> {
  // Dashboards first: the overlays render them.
  if ((await writeChanged(renderDashboards())) === 0) console.log("dashboards: nothing changed");
  const overlays = listOverlays();
  const golden = overlays.map((overlay) => [goldenPath(overlay), renderGolden(overlay)] as const);
  const written = await writeChanged(golden);
  const stale = readdirSync(dirname(goldenPath(""))).filter(
    (name) => !overlays.includes(basename(name, ".yaml")),
  );
  for (const name of stale) {
    rmSync(goldenPath(basename(name, ".yaml")));
    console.log(`gitops/golden/${name}: deleted, there is no such overlay`);
  }
  if (written + stale.length === 0) console.log("golden: nothing changed");
}

const [command, ...rest] = Bun.argv.slice(2);
try {
  if (Bun.argv.includes("--help")) console.log(command === "diff" ? DIFF_HELP : USAGE);
  else if (command === "render" && rest.length === 0) await render();
  else if (command === "diff") process.stdout.write(runDiff(rest));
  else if (command === "comment") process.stdout.write(runComment(rest));
  else if (command === "seal") process.stdout.write(await runSeal(rest));
  else throw new TypeError(USAGE);
} catch (error) {
  // As the other programs: a mistake in the call is 2.
  const isMistake = error instanceof TypeError;
  const isUnread = isMistake && "code" in error && `${error.code}`.startsWith("ERR_PARSE_ARGS");
  const message = isUnread
    ? `Cannot read the arguments: ${describeFailure(error)}; see --help`
    : messageOf(error);
  const told = { code: isMistake ? "BAD_ARGUMENT" : "FAILED", message };
  console.error(formatError(told, { json: Bun.argv.includes("--json") }));
  process.exitCode = isMistake ? 2 : 1;
}
