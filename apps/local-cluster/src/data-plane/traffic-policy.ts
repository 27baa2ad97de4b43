import type { Destination } from "@hookline/mesh";

/** What a DestinationRule says about the pods of a destination. */
export interface TrafficPolicy {
  readonly loadBalancer?: "LEAST_REQUEST" | "ROUND_ROBIN" | "RANDOM";
  readonly outlier?: OutlierPolicy;
  readonly connectTimeoutMs?: number;
  readonly maxRequestsPerConnection?: number;
}

export interface OutlierPolicy {
  readonly consecutive5xx?: number;
  readonly consecutiveGateway?: number;
  readonly intervalMs: number;
  readonly baseEjectionMs: number;
  readonly maxEjectionPercent: number;
}

/** A destination with its policy, if its mesh knows one. */
export type PolicedDestination = Destination & { readonly policy?: TrafficPolicy };

export function readPolicy(destination: PolicedDestination): TrafficPolicy {
  return destination.policy ?? NO_POLICY;
}

const NO_POLICY: TrafficPolicy = {};
