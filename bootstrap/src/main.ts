import { join } from "node:path";
import { reachLoopback } from "@hookline/command-line";
import type { CommandContext } from "./commands/context.ts";
import { credentials } from "./commands/credentials.ts";
import { download } from "./commands/download.ts";
import { open } from "./commands/open.ts";
import { remote } from "./commands/remote.ts";
import { status } from "./commands/status.ts";
import { uninstall } from "./commands/uninstall.ts";
import { up } from "./commands/up.ts";
import { type BootstrapErrorCode, explainError } from "./errors.ts";
import { createConnection } from "./kube/connection.ts";
import { readKubeConfig } from "./kube/kubeconfig.ts";
import { type Command, parseOptions, USAGE } from "./options.ts";
import { createReport } from "./report.ts";

const ROOT = join(import.meta.dir, "..", "..");

const RUN: Readonly<Record<Command, (context: CommandContext) => Promise<void>>> = {
  up,
  status,
  credentials,
  open,
  remote,
  download,
  uninstall,
};

async function main(words: readonly string[]): Promise<void> {
  const options = parseOptions(words, ROOT);
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const { kubeconfig, context, json } = options;
  await RUN[options.command]({
    options,
    root: ROOT,
    report: createReport(console.log, { json }),
    connect: () =>
      createConnection(
        readKubeConfig({ kubeconfig, context, root: ROOT, environment: process.env }),
      ),
  });
}

/** As a shell names a mistake in the call, and what was stopped by Ctrl+C. */
const EXIT: ReadonlyMap<BootstrapErrorCode, number> = new Map([
  ["USAGE", 2],
  ["STOPPED", 130],
]);

reachLoopback();
const words = Bun.argv.slice(2);
try {
  await main(words);
} catch (error) {
  const command = words.find((word) => word in RUN) ?? "up";
  const told = explainError(`run bootstrap ${command}`, error);
  if (told === undefined) throw error;
  createReport(console.error, { json: words.includes("--json") }).error(told);
  process.exitCode = EXIT.get(told.code) ?? 1;
}
