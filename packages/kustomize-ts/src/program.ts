import type { Output } from "./command-line/output.ts";
import { BuildError } from "./errors.ts";

const HELP = `Usage: kustomize COMMAND ...

Commands:
  build [DIR]                render a kustomization
  edit COMMAND ...           change the kustomization in the folder at hand
  diff [DIR] --against REF   what a change does to the rendered resources
  version                    what this is

Each takes --help. Errors go to stderr and end with exit code 1, as those of kustomize do; --json makes them JSON.
`;

/** Runs one command. What it needs is loaded only then: a build does not wait for the editor. */
async function run([command, ...words]: readonly string[]): Promise<Output> {
  switch (command) {
    case "build":
      return (await import("./command-line/build-command.ts")).runBuild(words);
    case "edit":
      return (await import("./command-line/edit-command.ts")).runEditCommand(words);
    case "diff":
      return (await import("./command-line/diff-command.ts")).runDiff(words);
    case "version":
      return { stdout: await describeVersion(), stderr: "", exitCode: 0 };
    case "help":
      return run(words.length === 0 ? [] : [...words, "--help"]);
    case undefined:
    case "-h":
    case "--help":
      return { stdout: HELP, stderr: "", exitCode: 0 };
    default:
      throw new RangeError(`there is no command "${command}"; see --help`);
  }
}

async function describeVersion(): Promise<string> {
  const { default: about } = await import("../package.json");
  const { KUSTOMIZE_VERSION } = await import("./build.ts");
  return `kustomize-ts ${about.version}, which renders as kustomize ${KUSTOMIZE_VERSION.slice(1)}\n`;
}

/** The error as people read it: file, line, column, field; for programs as JSON. */
function describeError(error: unknown, asJson: boolean): string {
  if (error instanceof BuildError) {
    const { code, message, file, field, line, column } = error;
    return asJson
      ? `${JSON.stringify({ error: { code, message, file, field, line, column } })}\n`
      : `Error: ${message}${field === undefined || message.includes(field) ? "" : ` (field ${field})`}\n`;
  }
  if (error instanceof RangeError || error instanceof SyntaxError) {
    return asJson
      ? `${JSON.stringify({ error: { code: "USAGE", message: error.message } })}\n`
      : `Error: ${error.message}\n`;
  }
  if (error instanceof Error) {
    return `Error: ${codeOf(error) === undefined ? (error.stack ?? error.message) : error.message}\n`;
  }
  return `Error: ${String(error)}\n`;
}

/** What the operating system calls an error, when it is one of its own. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "syscall" in error && "code" in error ? error.code : undefined;
}

/** Not Bun.write: it cuts a file that the stream is appended to. */
async function append(stream: Bun.BunFile, text: string): Promise<void> {
  const writer = stream.writer();
  await writer.write(text);
  await writer.end();
}

/** The command line: runs one command, prints what it leaves and sets the exit code. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    const output = await run(words);
    await append(Bun.stderr, output.stderr);
    await append(Bun.stdout, output.stdout);
    process.exitCode = output.exitCode;
  } catch (error) {
    if (codeOf(error) === "EPIPE") {
      // Who reads has seen enough, as `head` has: the shell would say so of a program in C or Go.
      process.exitCode = 141;
      return;
    }
    await append(Bun.stderr, describeError(error, words.includes("--json")));
    process.exitCode = words[0] === "diff" && words.includes("--exit-code") ? 2 : 1;
  }
}
