import { constants } from "node:os";

export interface StopRequest {
  /** Fires when the programs shall be stopped. */
  readonly asked: AbortSignal;
  /** Fires when nobody wants to wait for that any longer. */
  readonly abandoned: AbortSignal;
}

/**
 * Signals this close together are one: a terminal tells Ctrl-C to everyone in it, and `bun run`
 * hands it on to us once more.
 */
const SAME_MS = 300;

/** How often it is asked whether `bun run` is there still. */
const LOOK_MS = 500;

/**
 * What asks this process to stop: a signal, that nobody reads our output any more (`up | head -1`), or
 * that the `bun run` that started us was killed, which can hand no signal on.
 *
 * Another signal after that does not wait for anything: `abandoned` fires, and the process ends.
 */
export function listenForStop(): StopRequest {
  const ask = new AbortController();
  const abandon = new AbortController();
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      ask.abort();
      first ??= performance.now();
      if (performance.now() - first < SAME_MS) return;
      abandon.abort();
      process.exit(128 + constants.signals[signal]);
    });
  }
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    // A disk that is full takes our words, and shall not take all that runs.
    if (code === "EPIPE") ask.abort();
  });
  // Started by a shell itself, it may outlive that, as after `disown`.
  if (process.env["npm_lifecycle_event"] === "up") {
    const { ppid } = process;
    const look = () => process.ppid === ppid || ask.abort();
    setInterval(look, LOOK_MS).unref();
  }
  return { asked: ask.signal, abandoned: abandon.signal };
}
