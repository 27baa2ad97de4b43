const FIRST_MS = 1_000;
const MOST_MS = 30_000;
const CALM_MS = 60_000;

/**
 * How long to wait before the next start of a program that ended: not at all the first time, then
 * a second, twice as long each time, at most half a minute; anew after a minute without an end.
 *
 * A kubelet waits ten times as long (10 s to 5 min, anew after 10 min).
 */
export function createBackOff(): { readonly next: (ranMs: number) => number } {
  let waited: number | undefined;
  return {
    next: (ranMs) => {
      if (waited === undefined || ranMs >= CALM_MS) waited = 0;
      else waited = waited === 0 ? FIRST_MS : Math.min(MOST_MS, waited * 2);
      return waited;
    },
  };
}
