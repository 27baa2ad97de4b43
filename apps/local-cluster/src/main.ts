// The program `up`: arguments → both programs → until it is asked to stop, or one of them ends.
import { join } from "node:path";
import { type Arguments, HELP, parseArguments } from "./arguments.ts";
import { UpError } from "./errors.ts";
import { listenForStop, type StopRequest } from "./stop.ts";
import { startCluster } from "./up.ts";

/** Ctrl-C reaches us and the programs at once: that one has ended may be seen before the signal is. */
const SIGNAL_LATE_MS = 200;

interface MainOptions {
  /** The words after the program's name. */
  readonly words: readonly string[];
  /** Folder that holds the programs, each as `<name>/src/server.ts`. */
  readonly programsDir: string;
}

/** Runs until stopped; throws an UpError for what kept it from running. */
export async function main({ words, programsDir }: MainOptions): Promise<void> {
  const wanted = parseArguments(words);
  if (wanted.kind === "help") {
    process.stdout.write(HELP);
    return;
  }
  const stop = listenForStop();
  try {
    await up({ ...wanted, ...stop, programsDir });
  } catch (error) {
    if (!(await fires(stop.asked, SIGNAL_LATE_MS))) throw error;
  }
}

type UpUntilOptions = Extract<Arguments, { kind: "up" }> &
  StopRequest & { readonly programsDir: string };

async function up(options: UpUntilOptions): Promise<void> {
  const { port, model, variant, json, programsDir, asked, abandoned } = options;
  const print = (event: Record<string, string>, text: string) =>
    process.stdout.write(`${json ? JSON.stringify(event) : text}\n`);
  const { url, failed, stop } = await startCluster({
    port,
    variant,
    programsDir,
    modelDir: join(programsDir, "model-service/models", model),
    asked,
    abandoned,
    log: (program, line) =>
      print({ event: "log", program, line }, `${program.padEnd(13)} | ${line}`),
  });
  print({ event: "ready", url }, `ready ${url}`);
  const end = await Promise.race([failed, fires(asked)]);
  await stop();
  if (end instanceof UpError) throw end;
}

/** True when the signal fires, or has; false when it has not after `withinMs`. */
function fires(signal: AbortSignal, withinMs?: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  if (signal.aborted) resolve(true);
  signal.addEventListener("abort", () => resolve(true));
  if (withinMs !== undefined) setTimeout(() => resolve(false), withinMs);
  return promise;
}
