import type { TrafficPolicy } from "@hookline/mesh";

type OutlierPolicy = NonNullable<TrafficPolicy["outlier"]>;

/** Envoy's default of max_ejection_time. */
const MAX_EJECTION_MS = 300_000;

/** How one pod did lately, as one destination sees it. */
export interface Health {
  fives: number;
  gatewayErrors: number;
  ejections: number;
  /** In ms; 0 when it is not ejected. */
  ejectedUntil: number;
}

/** A pod of which nothing bad is known. */
export function createHealth(): Health {
  return { fives: 0, gatewayErrors: 0, ejections: 0, ejectedUntil: 0 };
}

/** Whether the pod may get requests. An ejection that is over leaves its count, so that the next is longer. */
export function isHealthy(health: Health, now: number): boolean {
  return health.ejectedUntil <= now;
}

export interface ReportOptions {
  readonly policy: OutlierPolicy;
  readonly now: number;
  /** Of all pods of the destination, this one included. */
  readonly all: readonly Health[];
}

/**
 * Counts an answer; gives whether the pod was ejected by it. A connection that failed counts as 503, a timeout as 504.
 * Envoy's outlier detection: consecutive errors eject at once, for the base time multiplied by how often it happened,
 * unless more than the maximum share would be ejected.
 */
export function reportAnswer(health: Health, status: number, options: ReportOptions): boolean {
  const { policy, now, all } = options;
  if (status < 500) {
    health.fives = 0;
    health.gatewayErrors = 0;
    // A pod that answers well after an ejection has its next one as short as the first, in the end.
    if (health.ejections > 0 && now > health.ejectedUntil + policy.intervalMs * health.ejections)
      health.ejections -= 1;
    return false;
  }
  health.fives += 1;
  health.gatewayErrors = status >= 502 && status <= 504 ? health.gatewayErrors + 1 : 0;
  const isOut =
    (policy.consecutive5xx !== undefined &&
      policy.consecutive5xx > 0 &&
      health.fives >= policy.consecutive5xx) ||
    (policy.consecutiveGateway !== undefined &&
      policy.consecutiveGateway > 0 &&
      health.gatewayErrors >= policy.consecutiveGateway);
  if (!isOut || !isHealthy(health, now)) return false;
  // Counted anew also where the pod has to stay: onConsecutiveErrorWorker() of Envoy's outlier_detection_impl.cc.
  health.fives = 0;
  health.gatewayErrors = 0;
  const ejected = all.filter((one) => !isHealthy(one, now)).length + 1;
  if ((100 * ejected) / all.length > policy.maxEjectionPercent) return false;
  health.ejections += 1;
  health.ejectedUntil = now + Math.min(policy.baseEjectionMs * health.ejections, MAX_EJECTION_MS);
  return true;
}
