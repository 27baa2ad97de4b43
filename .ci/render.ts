// `bun run render`: has each room write what it generates, in the order in which one reads the other's.
import { join } from "node:path";
import { formatError } from "../packages/command-line/src/index.ts";

const USAGE = `Usage: bun run render

Writes what is generated, says what changed, and is to be run again after each change of its sources:
  gitops/applications, gitops/platform  from bootstrap/src
  gitops/components/monitoring          from gitops/dashboards
  gitops/golden                         what each overlay renders to
  compose/prometheus/rules.yaml         from the rules of gitops

A wrong call ends with 2, any other failure with 1.`;

const STEPS = [
  ["bootstrap/src/cli.ts", "render"],
  ["gitops/cli.ts", "render"],
  ["bootstrap/src/compose/cli.ts"],
];

const words = Bun.argv.slice(2);
if (words.includes("--help")) {
  console.log(USAGE);
} else if (words.length > 0) {
  const json = words.includes("--json");
  const message = `Cannot render "${words.join(" ")}": it takes no more words`;
  console.error(formatError({ code: "BAD_ARGUMENT", message }, { json }));
  if (!json) console.error(`\n${USAGE}`);
  process.exitCode = 2;
} else {
  const failed = STEPS.find((step) => run(step) !== 0);
  if (failed !== undefined) process.exitCode = 1;
}

function run(step: readonly string[]): number {
  const cwd = join(import.meta.dirname, "..");
  return Bun.spawnSync([process.execPath, ...step], { cwd, stdout: "inherit", stderr: "inherit" })
    .exitCode;
}
