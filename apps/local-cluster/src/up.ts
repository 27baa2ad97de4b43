// Starts model-service and app as processes of this machine, and sees to it that they end together.
import { join } from "node:path";
import { UpError } from "./errors.ts";
import { checkPort } from "./port.ts";
import { type Program, startProgram } from "./program.ts";
import { waitUntilReady } from "./ready.ts";

const READY_WITHIN_MS = 30_000;

export interface UpOptions {
  /** Port of the page on the loopback interface; 0 takes a free one. */
  readonly port: number;
  /** Folder that holds the programs, each as `<name>/src/server.ts`. */
  readonly programsDir: string;
  /** Folder with model.onnx and card.json. */
  readonly modelDir: string;
  /** Which of the two variants of the page is shown. */
  readonly variant: "v1" | "v2";
  /** Gives up the start, should it still be under way when this fires. */
  readonly asked?: AbortSignal;
  /** Ends all programs by force, wherever they are, when it fires. */
  readonly abandoned?: AbortSignal;
  /** Takes each line of each program. */
  readonly log: (program: string, line: string) => void;
}

export interface RunningCluster {
  /** Where the page is. */
  readonly url: string;
  /** Settles when one of the programs ends by itself, with the sentence that says so. */
  readonly failed: Promise<UpError>;
  /** Stops all programs and frees their ports. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts both programs on the loopback interface and waits until they are ready.
 *
 * Refuses with an UpError when the port is taken, a program ends or is not ready within 30 s;
 * nothing is left running then.
 */
export async function startCluster(options: UpOptions): Promise<RunningCluster> {
  const { port, programsDir, modelDir, variant, asked, abandoned, log } = options;
  await checkPort(port);
  const programs: Program[] = [];
  const start = (name: string, environment: Record<string, string>) => {
    const program = startProgram({
      name,
      entry: join(programsDir, name, "src/server.ts"),
      environment: { HOST: "127.0.0.1", METRICS_PORT: "0", ...environment },
      log: (line) => log(name, line),
      ...(abandoned && { abandoned }),
    });
    programs.push(program);
    return program;
  };
  const stop = async () => {
    // The page first, so that no visitor meets it without its model.
    for (const program of programs.toReversed()) await program.stop();
  };
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), READY_WITHIN_MS);
  if (asked?.aborted) patience.abort();
  asked?.addEventListener("abort", () => patience.abort());
  const { signal } = patience;
  try {
    const model = start("model-service", { PORT: "0", MODEL_DIR: modelDir });
    const modelUrl = await waitForAddress(model, signal);
    const environment = { PORT: String(port), MODEL_URL: modelUrl, VARIANT: variant };
    const url = await waitForAddress(start("app", environment), signal);
    const ready = [modelUrl, url].map((each) => waitUntilReady(each, { signal }));
    await Promise.race([Promise.all(ready), firstEnd(programs).then((end) => Promise.reject(end))]);
    return { url, failed: firstEnd(programs), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
    patience.abort();
  }
}

/** Where a program listens; refuses with NOT_READY when the signal comes first. */
function waitForAddress({ name, address }: Program, signal: AbortSignal): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => {
    const message = `Cannot wait any longer for ${name}: it has not begun to listen`;
    reject(new UpError(message, { code: "NOT_READY" }));
  };
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  // After a start that went well the signal fires too, to end what still waits.
  promise.catch(() => {});
  return Promise.race([address, promise]);
}

function firstEnd(programs: readonly Program[]): Promise<UpError> {
  return Promise.race(programs.map(({ ended }) => ended));
}
