import type { TrafficPolicySpec } from "./schema/destination-rule.ts";
import type { TrafficPolicy } from "./types.ts";

/** A subset's policy over the host's, field by field: Istio's MergeTrafficPolicy. */
export function mergePolicies(
  host: TrafficPolicySpec | undefined,
  subset: TrafficPolicySpec | undefined,
): TrafficPolicy | undefined {
  const { loadBalancer, outlierDetection, connectionPool } = { ...host, ...subset };
  const simple = loadBalancer?.simple;
  const known = simple === undefined || simple === "UNSPECIFIED" || simple === "LEAST_CONN";
  const connectTimeoutMs = connectionPool?.tcp?.connectTimeout;
  const maxRequests = connectionPool?.http?.maxRequestsPerConnection;
  if (host === undefined && subset === undefined) return undefined;
  return {
    // Istio's default since 1.14 (DestinationRule, LoadBalancerSettings.SimpleLB).
    loadBalancer: known ? "LEAST_REQUEST" : simple,
    ...(outlierDetection === undefined ? {} : { outlier: readOutlier(outlierDetection) }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    // 0 is no limit.
    ...(maxRequests ? { maxRequestsPerConnection: maxRequests } : {}),
  };
}

/** Istio's defaults are Envoy's: five errors, 10 s, 30 s, 10 % (DestinationRule, OutlierDetection). */
function readOutlier(spec: NonNullable<TrafficPolicySpec["outlierDetection"]>) {
  const { consecutive5xxErrors: errors = 5, consecutiveGatewayErrors: gateway } = spec;
  return {
    // 0 switches the count off.
    ...(errors === 0 ? {} : { consecutive5xx: errors }),
    ...(gateway === undefined || gateway === 0 ? {} : { consecutiveGateway: gateway }),
    intervalMs: spec.interval ?? 10_000,
    baseEjectionMs: spec.baseEjectionTime ?? 30_000,
    // Istio cannot tell 0 from nothing.
    maxEjectionPercent: spec.maxEjectionPercent || 10,
  };
}
