// One process a model, so that two models use two cores and a stop ends them at once.
import { fileURLToPath } from "node:url";
import type { Card } from "./card/card.ts";
import { TrainingError } from "./errors.ts";
import { type Job, type Message, type ProgressMessage, parseMessage } from "./fleet-messages.ts";
import type { ModelKind } from "./learn/weights.ts";

export interface FleetOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (kind: ModelKind, progress: ProgressMessage) => void;
}

export interface JobResult {
  readonly kind: ModelKind;
  readonly card: Card;
  readonly seconds: number;
}

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Runs the jobs side by side and gives their results in the order of the jobs. The first failure, or
 * the signal, ends the others.
 */
export async function runFleet(
  jobs: readonly Job[],
  options: FleetOptions = {},
): Promise<readonly JobResult[]> {
  const stop = new AbortController();
  const signals = options.signal === undefined ? [stop.signal] : [stop.signal, options.signal];
  const signal = AbortSignal.any(signals);
  const running = jobs.map((job) =>
    runWorker(job, { ...options, signal }).catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  const settled = await Promise.allSettled(running);
  signal.throwIfAborted();
  return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function runWorker(
  job: Job,
  options: FleetOptions & { readonly signal: AbortSignal },
): Promise<JobResult> {
  let last: Message | undefined;
  const worker = Bun.spawn([process.execPath, WORKER, JSON.stringify(job)], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
    ipc: (received) => {
      last = parseMessage(received);
      if (last.type === "progress") options.onProgress?.(job.kind, last.progress);
    },
  });
  const kill = () => worker.kill("SIGKILL");
  options.signal.addEventListener("abort", kill);
  if (options.signal.aborted) kill();
  const code = await worker.exited;
  options.signal.removeEventListener("abort", kill);
  options.signal.throwIfAborted();
  if (last?.type === "failed") throw new TrainingError(last.code, last.message);
  if (last?.type !== "done") {
    throw explainEnd(job.kind, worker.signalCode, code);
  }
  return { kind: job.kind, card: last.card, seconds: last.seconds };
}

/** We know of each stop of ours, so that a signal came from elsewhere; SIGKILL mostly for want of memory. */
function explainEnd(kind: ModelKind, signal: string | number | null, code: number): Error {
  if (signal === null)
    return new Error(`Cannot train ${kind}: its process ended with code ${code}`);
  const hint = signal === "SIGKILL" ? ", which the system sends when memory runs out" : "";
  return new TrainingError(
    "KILLED",
    `Cannot train ${kind}: its process was ended by ${signal}${hint}`,
  );
}
