import { readKind } from "./resource.ts";
import { ServiceSpec, WorkloadSpec } from "./schema/kinds.ts";
import type { JsonObject, MeshService, MeshWorkload } from "./types.ts";

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/** The Services of the cluster. */
export function readServices(resources: readonly JsonObject[]): MeshService[] {
  const options = { group: "", kind: "Service", spec: ServiceSpec };
  return readKind(resources, options).map(({ namespace, name, spec }) => ({
    namespace,
    name,
    fqdn: `${name}.${namespace}.svc.cluster.local`,
    ports: spec.ports.map((port) => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      port: port.port,
      targetPort: port.targetPort ?? port.port,
      protocol: port.protocol,
    })),
    selector: spec.selector,
  }));
}

/** What runs pods. */
export function readWorkloads(resources: readonly JsonObject[]): MeshWorkload[] {
  return WORKLOADS.flatMap((kind) =>
    readKind(resources, { group: "apps", kind, spec: WorkloadSpec }).map((one) => {
      const { metadata, spec } = one.spec.template;
      return {
        kind,
        namespace: one.namespace,
        name: one.name,
        labels: metadata.labels,
        serviceAccount: spec.serviceAccountName,
        ports: spec.containers.flatMap(({ ports }) =>
          ports.map((port) => ({
            ...(port.name === undefined ? {} : { name: port.name }),
            port: port.containerPort,
          })),
        ),
      };
    }),
  );
}
