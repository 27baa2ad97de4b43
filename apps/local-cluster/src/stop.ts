import { constants } from "node:os";

export interface StopRequest {
  /** Fires when the programs shall be stopped. */
  readonly asked: AbortSignal;
  /** Fires when nobody wants to wait for that any longer. */
  readonly abandoned: AbortSignal;
}

/**
 * What asks this process to stop: a signal, or that nobody reads our output any more
 * (`up | head -1`).
 *
 * A second signal does not wait for anything: `abandoned` fires, and the process ends.
 */
export function listenForStop(): StopRequest {
  const ask = new AbortController();
  const abandon = new AbortController();
  let count = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      ask.abort();
      count += 1;
      if (count < 2) return;
      abandon.abort();
      process.exit(128 + constants.signals[signal]);
    });
  }
  process.stdout.on("error", () => ask.abort());
  return { asked: ask.signal, abandoned: abandon.signal };
}
