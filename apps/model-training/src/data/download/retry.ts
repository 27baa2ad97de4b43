/** What to do after an answer or a broken connection: try again in so many ms, or give up. */
export type Retry = { readonly kind: "wait"; readonly ms: number } | { readonly kind: "give-up" };

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;

/** Whether an answer is a passing trouble: too many requests, or the server's own fault. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/**
 * The wait before the next try: 1 s, 2 s, 4 s … up to 60 s, less up to a half by chance (0 ≤ jitter < 1)
 * so that many clients do not come back at once; never less than the server's Retry-After asks.
 * Gives up after the last try, and where the server asks for more than 60 s.
 */
export function planRetry(options: {
  readonly attempt: number;
  readonly attempts: number;
  readonly retryAfter: string | null;
  readonly now: number;
  readonly jitter: number;
}): Retry {
  const { attempt, attempts, retryAfter, now, jitter } = options;
  if (attempt >= attempts) return { kind: "give-up" };
  const asked = parseRetryAfter(retryAfter, now);
  if (asked > MAX_WAIT_MS) return { kind: "give-up" };
  const backOff = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return { kind: "wait", ms: Math.max(asked, Math.round(backOff * (1 - jitter / 2))) };
}

/** Milliseconds that a Retry-After header asks for (seconds or a date, RFC 9110 §10.2.3); 0 if none. */
export function parseRetryAfter(header: string | null, now: number): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
