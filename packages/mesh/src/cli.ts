#!/usr/bin/env bun
import type { Output } from "./command-line/output.ts";
import { MeshError } from "./errors.ts";

const HELP = `Usage: mesh COMMAND ...

Commands:
  explain   what the mesh does with a request, and why
  lint      what is wrong with a configuration

Each takes --help. Errors go to stderr; --json makes them JSON. A wrong call ends with 2, any other error with 1.
`;

/** Runs one command. */
async function run([command, ...words]: readonly string[]): Promise<Output> {
  switch (command) {
    case "explain":
      return (await import("./command-line/explain-command.ts")).runExplain(words);
    case "lint":
      return (await import("./command-line/lint-command.ts")).runLint(words);
    case undefined:
    case "help":
    case "-h":
    case "--help":
      return { stdout: HELP, exitCode: 0 };
    default:
      throw new MeshError(`Cannot run "${command}": there is no such command; see --help`, {
        code: "USAGE",
      });
  }
}

function describeError(error: unknown, asJson: boolean): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}\n`;
  const known = error instanceof MeshError;
  if (asJson && known) {
    const { code, message, resource, field } = error;
    return `${JSON.stringify({ error: { code, message, resource, field } })}\n`;
  }
  return `Error: ${known ? error.message : (error.stack ?? error.message)}\n`;
}

const words = process.argv.slice(2);
try {
  const { stdout, exitCode } = await run(words);
  // Not Bun.write: it cuts a file that the stream is appended to.
  process.stdout.write(stdout);
  process.exitCode = exitCode;
} catch (error) {
  process.stderr.write(describeError(error, words.includes("--json")));
  process.exitCode = error instanceof MeshError && error.code === "USAGE" ? 2 : 1;
}
