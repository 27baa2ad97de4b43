import { join } from "node:path";
import { formatError, reachLoopback, toPrintable } from "@hookline/command-line";
import { runAdopt } from "./adopt-command.ts";
import type { CommandOptions } from "./command-options.ts";
import { DeliveryError } from "./errors.ts";
import { explainError } from "./explain-error.ts";
import { runJudge } from "./judge/command.ts";
import { runPromote, runRollback } from "./promote/command.ts";
import { runRelease } from "./release/command.ts";

type Command = (words: readonly string[], options: CommandOptions) => void | Promise<void>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["adopt", runAdopt],
  ["judge", runJudge],
  ["promote", runPromote],
  ["release", runRelease],
  ["rollback", runRollback],
]);

reachLoopback();
const [name = "", ...words] = process.argv.slice(2);
try {
  if (name === "--help") {
    console.log(`Usage: bun run ${[...COMMANDS.keys()].join("|")} ...; each takes --help`);
    process.exit(0);
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const names = [...COMMANDS.keys()].join(", ");
    throw new DeliveryError(`Cannot run "${name}": there are ${names}`, { code: "BAD_ARGUMENT" });
  }
  await command(words, {
    root: join(import.meta.dirname, "../../.."),
    print: (text) => process.stdout.write(toPrintable(text)),
  });
} catch (error) {
  const told = explainError(name, error);
  if (told === undefined) {
    console.error(error);
    process.exit(1);
  }
  console.error(formatError(told, { json: process.argv.includes("--json") }));
  // As a shell names a mistake in the call.
  process.exit(told.code === "BAD_ARGUMENT" ? 2 : 1);
}
