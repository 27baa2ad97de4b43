/** Where text goes: process.stdout, or a test's list. */
export interface Output {
  write(text: string): unknown;
  /** A terminal shows one line that changes; anything else gets a line now and then. */
  readonly isTTY?: boolean | undefined;
}

/** One line of a download as it goes. */
export function formatDownload(at: {
  readonly name: string;
  readonly bytes: number;
  readonly total: number | undefined;
  /** Bytes that came in this run, and in how many seconds. */
  readonly fresh: number;
  readonly seconds: number;
}): string {
  const rate = at.seconds > 0 ? at.fresh / at.seconds : 0;
  const size = at.total === undefined ? mib(at.bytes) : `${mib(at.bytes)} of ${mib(at.total)}`;
  const left =
    at.total !== undefined && rate > 0
      ? `, ${formatSeconds((at.total - at.bytes) / rate)} left`
      : "";
  return `${at.name}: ${size}, ${mib(rate)}/s${left}`;
}

/** 0 to 59 s as "12 s", more as "3 min 20 s". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Tells how far a run is. */
export interface Progress {
  /** A new thing begins: a line that stays. */
  step(text: string): void;
  /** How far the present thing is; shown at most ten times a second, or every ten seconds in a log. */
  update(text: () => string): void;
}

/** Progress on an output; `now` gives milliseconds. */
export function createProgress(output: Output, now: () => number): Progress {
  const everyMs = output.isTTY ? 100 : 10_000;
  let shown = now();
  let isOpen = false;
  return {
    step(text) {
      output.write(`${isOpen ? "\r\x1b[K" : ""}${text}\n`);
      isOpen = false;
      shown = now();
    },
    update(text) {
      if (now() - shown < everyMs) return;
      shown = now();
      output.write(output.isTTY ? `\r\x1b[K${text()}` : `${text()}\n`);
      isOpen = output.isTTY === true;
    },
  };
}

/** Shows nothing: for --json, where the output is for a program. */
export const SILENT: Progress = { step() {}, update() {} };
