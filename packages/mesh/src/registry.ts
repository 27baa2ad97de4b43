import { MeshError } from "./errors.ts";
import { type Resource, readKind, sortByAge } from "./resource.ts";
import { ServiceSpec, WorkloadSpec } from "./schema/kinds.ts";
import { ServiceEntrySpec } from "./schema/sidecar.ts";
import type { JsonObject, MeshService, MeshWorkload } from "./types.ts";
import { checkServiceEntry } from "./validation/check-service-entry.ts";
import type { ExportTo } from "./visibility.ts";

/** A Service, or a host of a ServiceEntry. */
export interface KnownService extends MeshService {
  readonly exportTo: ExportTo;
  /** The ports whose requests have routes: HTTP, or not told. */
  readonly httpPorts: ReadonlySet<number>;
}

const EXPORT_TO = "networking.istio.io/exportTo";

/** All of them, the cluster's first: a ServiceEntry takes no name from a Service. */
export function readRegistry(resources: readonly JsonObject[]): KnownService[] {
  const services = readKind(resources, { group: "", kind: "Service", spec: ServiceSpec });
  const entries = readKind(resources, {
    group: "networking.istio.io",
    kind: "ServiceEntry",
    spec: ServiceEntrySpec,
  });
  for (const entry of entries) checkServiceEntry(entry);
  return [...sortByAge(services).map(readService), ...sortByAge(entries).flatMap(readEntry)];
}

function readService(resource: Resource<ServiceSpec>): KnownService {
  const { id, namespace, name, spec, annotations } = resource;
  if (spec.type === "ExternalName") {
    const options = { code: "UNSUPPORTED", resource: id, field: "spec.type" } as const;
    throw new MeshError("A Service that is another's name is not modelled", options);
  }
  const exportTo = annotations[EXPORT_TO]?.split(",").map((one) => one.trim());
  const http = spec.ports.filter((port) => isHttp(port.appProtocol ?? port.name ?? ""));
  return {
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
    exportTo,
    httpPorts: new Set(http.filter(({ protocol }) => protocol === "TCP").map(({ port }) => port)),
  };
}

function readEntry({ namespace, spec }: Resource<ServiceEntrySpec>): KnownService[] {
  const http = spec.ports.filter((port) => isHttp(port.protocol ?? ""));
  return spec.hosts.map((host) => ({
    namespace,
    name: host,
    fqdn: host.toLowerCase(),
    ports: spec.ports.map((port) => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      port: port.number,
      targetPort: port.targetPort ?? port.number,
      protocol: port.protocol ?? "TCP",
    })),
    selector: spec.workloadSelector?.labels ?? {},
    exportTo: spec.exportTo,
    httpPorts: new Set(http.map(({ number }) => number)),
  }));
}

/** Names that say "not HTTP", as a port's name begins or as its protocol (Istio: protocol selection). */
const OTHER_PROTOCOLS = new Set(["tcp", "udp", "tls", "https", "mongo", "redis", "mysql"]);

function isHttp(protocol: string): boolean {
  return !OTHER_PROTOCOLS.has(protocol.toLowerCase().split("-")[0] ?? "");
}

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet"] as const;

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
