import { BootstrapError } from "../errors.ts";

export type Progress =
  | { readonly done: true }
  /** What it is waiting on now, for the message if time runs out. */
  | { readonly done: false; readonly state: string };

interface WaitForOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  /** What to do if time runs out. */
  readonly next?: string;
}

/** Asks until it is done. Throws TIMEOUT with the last state; what the question throws goes through. */
export async function waitFor(
  what: string,
  { timeoutMs, intervalMs = 500, next }: WaitForOptions,
  ask: () => Promise<Progress>,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const progress = await ask();
    if (progress.done) return;
    if (performance.now() > end) {
      throw new BootstrapError(
        `Cannot go on after ${Math.round(timeoutMs / 1000)} s of waiting until ${what}: ${progress.state}`,
        { code: "TIMEOUT", next: next ?? "Run it again: it goes on from here" },
      );
    }
    await Bun.sleep(intervalMs);
  }
}
