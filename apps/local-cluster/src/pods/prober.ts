import type { Probe } from "../workloads/manifests.ts";
import type { ProbeResult } from "./probe.ts";

export interface ProberOptions {
  readonly probe: Probe;
  /** Tries it once. */
  readonly run: () => Promise<ProbeResult>;
  /** Told each time that the threshold is crossed, starting from not yet known. */
  readonly changed: (result: ProbeResult) => void;
  /** How long a second of the probe takes; tests have less time than pods. */
  readonly secondMs?: number;
}

/** Tries in a second, for as long as none has succeeded. */
const EAGER = 10;

/** A probe that runs until it is stopped. */
export interface Prober {
  readonly stop: () => void;
}

/**
 * Runs a probe once at once (after its initial delay) and then every period, and tells when it has
 * succeeded or failed as many times in a row as its threshold says.
 *
 * A kubelet starts somewhere within the first period; here the first try is made as soon as the
 * program listens, so that a pod is ready when it can be. Until it has succeeded once, a try that
 * failed is repeated after a tenth of a second.
 */
export function startProber({ probe, run, changed, secondMs = 1000 }: ProberOptions): Prober {
  const periodMs = Math.max(1, probe.periodSeconds) * secondMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let known: boolean | undefined;
  let last: boolean | undefined;
  let inARow = 0;
  // Of the next try: a timer may fire a little early, so that the clock is not asked again.
  let due = true;
  let dueAt = 0;
  const tick = async () => {
    const counts = due;
    if (counts) dueAt = performance.now() + periodMs;
    const result = await run();
    if (stopped) return;
    // A try between two periods counts only when it succeeds: thresholds are counted in periods.
    if (result.ok || counts) {
      inARow = result.ok === last ? inARow + 1 : 1;
      last = result.ok;
      const threshold = result.ok ? probe.successThreshold : probe.failureThreshold;
      if (inARow >= Math.max(1, threshold) && known !== result.ok) {
        known = result.ok;
        changed(result);
        if (stopped) return;
      }
    }
    const wait = Math.max(0, dueAt - performance.now());
    due = known === true || wait <= secondMs / EAGER;
    timer = setTimeout(tick, due ? wait : secondMs / EAGER);
  };
  timer = setTimeout(tick, probe.initialDelaySeconds * secondMs);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
