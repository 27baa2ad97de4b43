import type { Balancer } from "../balancer.ts";
import { isHealthy } from "../outlier.ts";
import type { Traffic } from "../traffic.ts";
import type { UpstreamPool } from "../upstream-pool.ts";
import { renderLabels } from "./series.ts";

interface Counted {
  readonly balancer: Balancer;
  readonly pool: UpstreamPool;
  readonly traffic: Traffic;
  readonly steady: () => number;
}

function renderOne(
  name: string,
  type: "counter" | "gauge",
  rows: readonly (readonly [labels: string, value: number])[],
): string {
  const lines = rows.map(
    ([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}\n`,
  );
  return `# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** Those of Envoy's own statistics that have a meaning here. */
export function renderEnvoyMetrics(
  { balancer, pool, traffic, steady }: Counted,
  { connections }: { connections: number },
): string {
  const now = steady();
  const clusters = balancer
    .clusters()
    .map((one) => ({ ...one, label: renderLabels([["cluster_name", one.name]]) }));
  const per = (count: (cluster: (typeof clusters)[number]) => number) =>
    clusters.map((one) => [one.label, count(one)] as const);
  const healthy = ({ targets }: (typeof clusters)[number]) =>
    targets.filter((one) => isHealthy(one.health, now)).length;
  const { ok, overLimit, errors, allowed } = traffic.limiter;
  return [
    renderOne("envoy_http_downstream_cx_active", "gauge", [["", connections]]),
    renderOne("envoy_http_downstream_rq_active", "gauge", [["", traffic.underWay]]),
    renderOne("envoy_http_downstream_rq_total", "counter", [["", traffic.requests]]),
    renderOne("envoy_cluster_upstream_cx_active", "gauge", [["", pool.open]]),
    renderOne(
      "envoy_cluster_membership_total",
      "gauge",
      per(({ targets }) => targets.length),
    ),
    renderOne("envoy_cluster_membership_healthy", "gauge", per(healthy)),
    renderOne(
      "envoy_cluster_upstream_rq_active",
      "gauge",
      per(({ targets }) => targets.reduce((sum, { active }) => sum + active, 0)),
    ),
    renderOne(
      "envoy_cluster_outlier_detection_ejections_active",
      "gauge",
      per((one) => one.targets.length - healthy(one)),
    ),
    renderOne(
      "envoy_cluster_outlier_detection_ejections_enforced_total",
      "counter",
      per(({ ejections }) => ejections),
    ),
    renderOne("envoy_cluster_ratelimit_ok", "counter", [["", ok]]),
    renderOne("envoy_cluster_ratelimit_over_limit", "counter", [["", overLimit]]),
    renderOne("envoy_cluster_ratelimit_error", "counter", [["", errors]]),
    renderOne("envoy_cluster_ratelimit_failure_mode_allowed", "counter", [["", allowed]]),
  ].join("");
}
