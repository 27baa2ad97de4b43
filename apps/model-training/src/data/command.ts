import type { Output } from "../command/output.ts";
import { runData } from "./run-data.ts";

/** `data` as a command of the program: the result to stdout, the progress to stderr. */
export function runDataCommand(argv: readonly string[], output: Output): Promise<void> {
  const { write, isTerminal } = output.progress;
  return runData(argv, {
    fetch,
    stdout: { write: output.print },
    progress: { write, isTTY: isTerminal },
    signal: output.signal,
  });
}
