import { describeFailure, formatError, type ToldError } from "@hookline/command-line";
import { runEvaluate } from "./command/evaluate.ts";
import type { Output } from "./command/output.ts";
import { runTrain } from "./command/train.ts";
import { runDataCommand } from "./data/command.ts";
import { explainError, TrainingError } from "./errors.ts";

const HELP = `Usage: bun apps/model-training/src/cli.ts COMMAND [OPTION…]

  train      labelled URLs → models with their cards (bun run train)
  evaluate   what a model does on labelled URLs
  data       downloads the public sources and builds the splits (bun run data)

Each command explains itself with --help. A wrong call ends with 2, any other failure with 1.
`;

const COMMANDS: Readonly<
  Record<string, (argv: readonly string[], output: Output) => Promise<void>>
> = { train: runTrain, evaluate: runEvaluate, data: runDataCommand };

/** Runs a command line and gives its exit code: 0 done, 1 failed, 2 a wrong call, 130 stopped by Ctrl-C. */
async function main(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  const json = argv.includes("--json");
  if (name === "--help" || name === "help") {
    console.log(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    const message = `Cannot run "${name}": the commands are ${Object.keys(COMMANDS).join(", ")}`;
    console.error(formatError({ code: "BAD_OPTION", message }, { json }));
    return 2;
  }
  const stop = listenForStop();
  try {
    await command(rest, {
      print: (text) => process.stdout.write(text),
      progress: {
        write: (text) => process.stderr.write(text),
        isTerminal: process.stderr.isTTY === true,
        now: () => performance.now(),
      },
      signal: stop.signal,
    });
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      const isExplained = error instanceof TrainingError && error.code === "STOPPED";
      console.error(`\n${isExplained ? error.message : "Stopped; nothing was written"}`);
      return stop.exitCode();
    }
    const told = explain(error, name);
    console.error(told === undefined ? error : formatError(told, { json }));
    return told?.code === "BAD_OPTION" ? 2 : 1;
  }
}

/** A signal that is aborted when the program is asked to stop, and the exit code for that. */
function listenForStop(): { readonly signal: AbortSignal; exitCode(): number } {
  const stop = new AbortController();
  const code = { SIGINT: 130, SIGTERM: 143 } as const;
  let exit = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // A second one while the first is being heard changes nothing: `bun run` passes on the Ctrl-C
    // that the terminal has already sent, and without a listener it would end the clean-up.
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      exit = code[signal];
      stop.abort(new Error("stopped"));
    });
  }
  return { signal: stop.signal, exitCode: () => exit };
}

/** What is told of what we foresaw; undefined for what we did not, which shows its stack. */
function explain(error: unknown, command: string): ToldError | undefined {
  if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE")) {
    const message = `Cannot run ${command}: ${describeFailure(error)}; see its --help`;
    return { code: "BAD_OPTION", message };
  }
  return explainError(command, error);
}

process.exitCode = await main(process.argv.slice(2));
