import type { ProgressOptions } from "./progress.ts";

/** Where a command writes and what stops it. */
export interface Output {
  /** The result, to stdout. */
  readonly print: (text: string) => void;
  /** How far it is, to stderr. */
  readonly progress: ProgressOptions;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}
