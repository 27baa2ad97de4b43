import type { Finding, Labels } from "./finding.ts";
import { isSelected } from "./finding.ts";
import type { Tree } from "./tree.ts";

/**
 * Where spans go: platform/istio-addons runs it, platform/istiod/values.yaml calls it by this
 * name, and a test holds both to this.
 */
export const COLLECTOR: Readonly<{
  provider: string;
  namespace: string;
  labels: Labels;
  port: number;
}> = {
  provider: "jaeger",
  namespace: "istio-system",
  labels: { "app.kubernetes.io/name": "jaeger" },
  port: 4317,
};

/**
 * A Telemetry asks for a provider that the mesh has, and the spans get there: every sidecar is
 * told of the collector, and the fence of every pod has a door to it. Otherwise they are dropped
 * without a word.
 */
export function checkTracing(tree: Tree): Finding[] {
  return tree.telemetries.flatMap(({ metadata, spec }) => {
    const providers = spec.tracing.flatMap((one) => one.providers.map(({ name }) => name));
    const strange = providers.filter((name) => name !== COLLECTOR.provider);
    const sampled = spec.tracing.filter((one) => (one.randomSamplingPercentage ?? 0) > 0);
    const faults = [
      ...strange.map((name) => `asks for the provider "${name}", which the mesh does not have`),
      ...(providers.length === 0 ? ["asks for no provider"] : []),
      ...(sampled.length === 0 ? ["samples nothing"] : []),
      ...listUntold(tree).map((name) => `Sidecar "${name}" is not told of the collector`),
      ...(isOpen(tree) ? [] : ["no policy lets every pod send spans to the collector"]),
    ];
    return faults.map((message) => ({
      check: "traces-arrive",
      resource: `Telemetry/${metadata.name}`,
      message,
    }));
  });
}

function listUntold(tree: Tree): string[] {
  const told = [`${COLLECTOR.namespace}/*`, "*/*"];
  return tree.sidecars
    .filter(({ spec }) => !spec.egress.some(({ hosts }) => hosts.some((one) => told.includes(one))))
    .map(({ metadata }) => metadata.name);
}

function isOpen(tree: Tree): boolean {
  return tree.networkPolicies.some(
    ({ spec }) =>
      Object.keys(spec.podSelector.matchLabels).length === 0 &&
      spec.egress.some(
        ({ to, ports }) =>
          ports.some(({ port }) => port === COLLECTOR.port) &&
          to.some(
            ({ namespaceSelector, podSelector }) =>
              namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] ===
                COLLECTOR.namespace && isSelected(COLLECTOR.labels, podSelector?.matchLabels ?? {}),
          ),
      ),
  );
}
