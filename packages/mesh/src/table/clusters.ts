import type { SubsetsOf } from "../destination-rules.ts";
import { resolveShortName } from "../host.ts";
import type { DestinationSpec } from "../schema/virtual-service.ts";
import type { Destination, Labels, MeshService } from "../types.ts";

/** What one proxy knows of destinations. */
export interface ClusterContext {
  /** The proxy's. */
  readonly namespace: string;
  readonly labels: Labels;
  /** The services that the proxy sees, by full name. */
  readonly services: ReadonlyMap<string, MeshService>;
  readonly subsetsOf: SubsetsOf;
}

export interface NamedCluster {
  readonly name: string;
  /** Undefined where the proxy has no such cluster. */
  readonly destination: Destination | undefined;
}

export interface DestinationOptions {
  /** Of the VirtualService: a short host is in it. */
  readonly namespace: string;
  /** The port at which the request came in: the fallback for a service with several. */
  readonly listenPort: number;
}

/** Istio: GetDestinationCluster in pilot/pkg/networking/core/route/route.go. */
export function lookUpCluster(
  context: ClusterContext,
  spec: DestinationSpec,
  { namespace, listenPort }: DestinationOptions,
): NamedCluster {
  const fqdn = resolveShortName(spec.host, namespace).toLowerCase();
  const service = context.services.get(fqdn);
  const only = service?.ports.length === 1 ? service.ports[0]?.port : undefined;
  const port = spec.port?.number ?? only ?? listenPort;
  return buildCluster(context, { fqdn, port, subset: spec.subset });
}

/** A cluster by its parts: "outbound|80|v1|host", as EnvoyFilters and statistics name it. */
export function buildCluster(
  context: ClusterContext,
  { fqdn, port, subset }: { fqdn: string; port: number; subset: string | undefined },
): NamedCluster {
  const name = `outbound|${port}|${subset ?? ""}|${fqdn}`;
  const service = context.services.get(fqdn);
  if (service === undefined || !service.ports.some((one) => one.port === port)) {
    return { name, destination: undefined };
  }
  const { namespace, labels } = context;
  const subsets = context.subsetsOf({ namespace, labels, fqdn, owner: service.namespace });
  const extra = subset === undefined ? {} : subsets?.get(subset);
  // istiod makes a cluster for each subset of the rule only: another is unknown to Envoy.
  if (extra === undefined) return { name, destination: undefined };
  return {
    name,
    destination: {
      fqdn,
      port,
      subset,
      labels: { ...service.selector, ...extra },
      namespace: service.namespace,
    },
  };
}
