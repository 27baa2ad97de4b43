import { ServiceError, tooSlow } from "@hookline/http-service";

interface Pending {
  readonly until: number;
  readonly reject: (error: ServiceError) => void;
}

/** How often what is overdue is looked for; a timer for each request would cost more than reading it. */
const SWEEP_MS = 100;

/** One time limit for many steps that wait for a caller. */
export interface Deadlines {
  /**
   * What `finish` makes of the step's value. Rejects with a `ServiceError`: `SLOW_BODY` when the
   * step takes too long, `MALFORMED` when it fails by itself.
   */
  limit<T, R>(step: Promise<T>, finish: (value: T) => R): Promise<R>;
}

export function createDeadlines({ timeoutMs }: { readonly timeoutMs: number }): Deadlines {
  const pending = new Set<Pending>();
  let sweeper: ReturnType<typeof setInterval> | undefined;

  function sweep(): void {
    rejectOverdue(pending, timeoutMs);
    if (pending.size === 0) {
      clearInterval(sweeper);
      sweeper = undefined;
    }
  }

  return {
    limit(step, finish) {
      return new Promise((resolve, reject) => {
        const entry = { until: performance.now() + timeoutMs, reject };
        pending.add(entry);
        sweeper ??= setInterval(sweep, Math.min(SWEEP_MS, timeoutMs));
        step.then(
          (value) => {
            pending.delete(entry);
            try {
              resolve(finish(value));
            } catch (error) {
              reject(error);
            }
          },
          (error) => {
            pending.delete(entry);
            reject(error instanceof ServiceError ? error : cutOff(error));
          },
        );
      });
    },
  };
}

function rejectOverdue(pending: Set<Pending>, timeoutMs: number): void {
  const now = performance.now();
  for (const entry of pending) {
    if (entry.until > now) {
      return; // They stand in the order in which they fall due.
    }
    pending.delete(entry);
    entry.reject(tooSlow(timeoutMs));
  }
}

function cutOff(error: unknown): ServiceError {
  // Mostly nobody is there any more to read this: it is for the log, and no fault of ours.
  return new ServiceError("The body did not arrive whole", { code: "MALFORMED", cause: error });
}
