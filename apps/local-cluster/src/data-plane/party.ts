import type { Labels, Mesh, Source } from "@hookline/mesh";
import type { Endpoint } from "./endpoints.ts";
import type { Party } from "./metrics/istio-metrics.ts";

function readApp(labels: Labels, otherwise: string): string {
  return (
    labels["service.istio.io/canonical-name"] ??
    labels["app.kubernetes.io/name"] ??
    labels["app"] ??
    otherwise
  );
}

function readVersion(labels: Labels): string {
  return (
    labels["service.istio.io/canonical-revision"] ??
    labels["app.kubernetes.io/version"] ??
    labels["version"] ??
    "latest"
  );
}

/** Whether a pod template has all of the source's labels that name it. */
function isTemplateOf(template: Labels, labels: Labels): boolean {
  return Object.entries(template).every(([name, value]) => labels[name] === value);
}

/** Who sends: a gateway has the name that its chart gives the Deployment, "istio-" and its label. */
export function describeSource(source: Source, mesh: Mesh): Party {
  const { labels, namespace } = source;
  const found = mesh.workloads.find(
    (one) => one.namespace === namespace && isTemplateOf(one.labels, labels),
  );
  const workload =
    found?.name ??
    (source.kind === "gateway" ? `istio-${labels["istio"] ?? "gateway"}` : "unknown");
  const account =
    found?.serviceAccount ?? (source.kind === "workload" ? source.serviceAccount : undefined);
  return {
    workload,
    namespace,
    app: readApp(labels, workload),
    version: readVersion(labels),
    principal: `spiffe://cluster.local/ns/${namespace}/sa/${account ?? workload}`,
  };
}

/** Who answers. */
export function describeEndpoint(endpoint: Endpoint, mesh: Mesh): Party {
  const { workload, namespace, labels, version } = endpoint;
  const found = mesh.workloads.find((one) => one.namespace === namespace && one.name === workload);
  return {
    workload,
    namespace,
    app: readApp(labels, workload),
    version,
    principal: `spiffe://cluster.local/ns/${namespace}/sa/${found?.serviceAccount ?? "default"}`,
  };
}
