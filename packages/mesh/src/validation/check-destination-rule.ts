import type { Resource } from "../resource.ts";
import type { DestinationRuleSpec, TrafficPolicySpec } from "../schema/destination-rule.ts";
import { checkDuration } from "./check-duration.ts";
import {
  checkExportTo,
  checkLabels,
  checkSelector,
  isDnsLabel,
  isWildcardDomain,
  type Refuse,
  refuseIn,
} from "./names.ts";

/** Refuses what Istio's webhook refuses (ValidateDestinationRule in pkg/config/validation). */
export function checkDestinationRule(resource: Resource<DestinationRuleSpec>): void {
  const { id, namespace, spec } = resource;
  const refuse = refuseIn(id);
  if (!isWildcardDomain(spec.host)) refuse(`"${spec.host}" is no host`, "spec.host");
  checkTrafficPolicy(spec.trafficPolicy, "spec.trafficPolicy", refuse);
  const names = spec.subsets.map(({ name }) => name);
  spec.subsets.forEach(({ name, labels, trafficPolicy }, i) => {
    const field = `spec.subsets[${i}]`;
    if (!isDnsLabel(name)) refuse(`"${name}" is no name of a subset`, `${field}.name`);
    if (names.indexOf(name) < i) refuse(`The subset "${name}" is there twice`, `${field}.name`);
    checkLabels(labels, `${field}.labels`, refuse);
    checkTrafficPolicy(trafficPolicy, `${field}.trafficPolicy`, refuse);
  });
  const hasSelector = spec.workloadSelector !== undefined;
  checkExportTo(spec.exportTo, { namespace, hasSelector }, refuse);
  checkSelector(spec.workloadSelector?.matchLabels, "spec.workloadSelector.matchLabels", refuse);
}

function checkTrafficPolicy(
  policy: TrafficPolicySpec | undefined,
  field: string,
  refuse: Refuse,
): void {
  if (policy === undefined) return;
  if (Object.values(policy).every((one) => one === undefined)) {
    refuse("Expected a part of a policy", field);
  }
  const { connectionPool: pool, outlierDetection: outlier, tls } = policy;
  if (pool !== undefined && pool.tcp === undefined && pool.http === undefined) {
    refuse("Expected tcp or http", `${field}.connectionPool`);
  }
  const durations = [
    [outlier?.interval, "outlierDetection.interval"],
    [outlier?.baseEjectionTime, "outlierDetection.baseEjectionTime"],
    [pool?.tcp?.connectTimeout, "connectionPool.tcp.connectTimeout"],
    [pool?.tcp?.maxConnectionDuration, "connectionPool.tcp.maxConnectionDuration"],
    [pool?.tcp?.tcpKeepalive?.time, "connectionPool.tcp.tcpKeepalive.time"],
    [pool?.tcp?.tcpKeepalive?.interval, "connectionPool.tcp.tcpKeepalive.interval"],
    [pool?.http?.idleTimeout, "connectionPool.http.idleTimeout"],
    // 0 switches it off.
    [pool?.tcp?.idleTimeout || undefined, "connectionPool.tcp.idleTimeout"],
  ] as const;
  for (const [value, at] of durations) checkDuration(value, `${field}.${at}`, refuse);
  if (tls !== undefined) checkTls(tls, `${field}.tls`, refuse);
}

/** What a client needs to speak TLS (ValidateTLS). */
function checkTls(tls: Readonly<Record<string, unknown>>, field: string, refuse: Refuse): void {
  const has = (name: string) => tls[name] !== undefined && tls[name] !== "";
  const mode = tls["mode"] ?? "DISABLE";
  if (mode !== "SIMPLE" && mode !== "MUTUAL") return;
  const files = ["clientCertificate", "caCertificates", "privateKey", "caCrl"];
  if (has("credentialName")) {
    const file = files.find(has);
    if (file !== undefined) refuse("Expected a credentialName or files", `${field}.${file}`);
    return;
  }
  for (const name of ["clientCertificate", "privateKey"]) {
    if (mode === "MUTUAL" && !has(name)) refuse("MUTUAL needs it", `${field}.${name}`);
  }
}
