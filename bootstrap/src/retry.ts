import { messageOf } from "@hookline/command-line";

/** What one attempt came to; `again`: the next may go better. */
export type Attempt<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | {
      readonly kind: "again";
      readonly reason: string;
      readonly afterMs?: number;
      readonly cause?: unknown;
    }
  | { readonly kind: "final"; readonly reason: string; readonly cause?: unknown };

export interface RetryOptions {
  readonly attempts?: number;
  /** Before the second attempt; twice as long before each later one. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onAgain?: (text: string) => void;
}

/** The longest that a server may make us wait. */
const MOST_MS = 120_000;
/** Too many requests, and what a server says of itself while it is ill. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/** Attempts again what may go better next time, after as long as the server asks for. Gives the last attempt. */
export async function retry<Value>(
  attempt: () => Promise<Attempt<Value>>,
  { attempts = 5, pauseMs = 1000, signal, onAgain }: RetryOptions,
): Promise<Attempt<Value>> {
  for (let number = 1; ; number += 1) {
    const result = await attempt();
    if (result.kind !== "again" || number >= attempts || signal?.aborted) return result;
    const ms = Math.min(result.afterMs ?? pauseMs * 2 ** (number - 1), MOST_MS);
    onAgain?.(`${result.reason}; once more in ${Math.ceil(ms / 1000)} s`);
    await pause(ms, signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onAbort = () => resolve();
  signal?.addEventListener("abort", onAbort);
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener("abort", onAbort);
}

/** An answer that is none: worth another attempt, or the server's last word. */
export function readRefusal(response: Response, now = Date.now()): Attempt<never> {
  const reason = `HTTP ${response.status}`;
  if (!PASSING.includes(response.status)) return { kind: "final", reason };
  const said = response.headers.get("retry-after");
  if (said === null) return { kind: "again", reason };
  // Seconds or a date (RFC 9110, 10.2.3).
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - now;
  return { kind: "again", reason, ...(Number.isNaN(ms) ? {} : { afterMs: Math.max(0, ms) }) };
}

/** Nobody of that name or listening, somebody else's certificate, or no place to write: no later attempt is better. */
const LASTING = /ENOTFOUND|REFUSED|CERT|SELF_SIGNED|UNABLE_TO|ENOSPC|EACCES|EROFS/i;

/** What `fetch` threw: a connection that was cut is worth another attempt. */
export function readFailure(cause: unknown): Attempt<never> {
  const reason = messageOf(cause);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return { kind: LASTING.test(`${code} ${reason}`) ? "final" : "again", reason, cause };
}
