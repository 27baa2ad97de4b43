import { askMesh } from "./ask-mesh.ts";
import type { Finding } from "./finding.ts";
import { isSelected } from "./finding.ts";
import { listPods, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/**
 * Every ServiceMonitor finds Services with its port, every program with metrics is found by one,
 * and Prometheus, which is outside the mesh, may read them without mutual TLS and an identity.
 */
export function checkMonitors(tree: Tree): Finding[] {
  if (tree.serviceMonitors.length === 0) return [];
  const scraped = new Set<string>();
  // Services of other namespaces are not in this tree.
  const near = tree.serviceMonitors.filter(({ spec }) => spec.namespaceSelector === undefined);
  const blind = near.flatMap(({ metadata, spec }) =>
    spec.endpoints.flatMap(({ port }): Finding[] => {
      const found = tree.services.filter(
        (service) =>
          isSelected(service.metadata.labels, spec.selector.matchLabels) &&
          service.spec.ports.some(({ name }) => port !== undefined && name === port),
      );
      for (const service of found) scraped.add(service.metadata.name);
      return found.length > 0
        ? []
        : [
            {
              check: "monitor-finds-services",
              resource: `ServiceMonitor/${metadata.name}`,
              message: `no Service has its labels and port "${port}"`,
            },
          ];
    }),
  );
  const forgotten = tree.services
    .filter(({ metadata, spec }) => spec.ports.some(isMetrics) && !scraped.has(metadata.name))
    .map(({ metadata }) => ({
      check: "monitor-finds-services",
      resource: `Service/${metadata.name}`,
      message: "has metrics that no ServiceMonitor reads",
    }));
  return [...blind, ...forgotten, ...checkPlainText(tree), ...checkAllowed(tree)];
}

function isMetrics({ name }: { readonly name?: string | undefined }): boolean {
  return name === "metrics";
}

function checkPlainText(tree: Tree): Finding[] {
  return tree.services
    .filter(({ spec }) => spec.ports.some(isMetrics))
    .flatMap(({ metadata, spec }) =>
      selectPods(listPods(tree), spec.selector)
        .filter((pod) => {
          const port = String(pod.ports.get("metrics"));
          return !tree.peerAuthentications.some(
            (one) =>
              one.spec.selector !== undefined &&
              isSelected(pod.labels, one.spec.selector.matchLabels) &&
              one.spec.portLevelMtls[port]?.mode === "PERMISSIVE",
          );
        })
        .map((pod) => ({
          check: "metrics-readable",
          resource: `Service/${metadata.name}`,
          message: `mutual TLS keeps Prometheus from the metrics of ${pod.owner}`,
        })),
    );
}

/** Whom no policy names stands for Prometheus, which has no identity at all. */
const NOBODY = {
  kind: "workload",
  namespace: "nobody",
  serviceAccount: "nobody",
  labels: {},
} as const;

function checkAllowed(tree: Tree): Finding[] {
  return askMesh(tree, (mesh) => {
    const router = mesh.router(NOBODY);
    return tree.services.flatMap(({ metadata, spec }) =>
      spec.ports.filter(isMetrics).flatMap(({ port }): Finding[] => {
        const authority = `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
        const request = { method: "GET", path: "/metrics", authority, port } as const;
        const rest = {
          scheme: "http",
          clientAddress: "127.0.0.1",
          header: () => undefined,
        } as const;
        if (router.decide({ ...request, ...rest }, () => 0).kind === "forward") return [];
        const message = "an AuthorizationPolicy keeps Prometheus from its metrics";
        return [{ check: "metrics-readable", resource: `Service/${metadata.name}`, message }];
      }),
    );
  });
}
