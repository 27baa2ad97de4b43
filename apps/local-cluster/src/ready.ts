import { setTimeout as wait } from "node:timers/promises";
import { UpError } from "./errors.ts";

const EVERY_MS = 20;

/** Resolves when `GET /readyz` answers 200; refuses with NOT_READY when the signal comes first. */
export async function waitUntilReady(
  url: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  let last = "no answer";
  while (!signal.aborted) {
    try {
      const { ok, status } = await fetch(`${url}/readyz`, { signal });
      if (ok) return;
      last = `status ${status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await wait(EVERY_MS);
  }
  throw new UpError(`Cannot wait any longer for ${url}/readyz: ${last}`, { code: "NOT_READY" });
}
