import type { RuleOf } from "../destination-rules.ts";
import type { DestinationSpec } from "../schema/virtual-service.ts";
import { mergePolicies } from "../traffic-policy.ts";
import type { Destination, Labels, MeshService } from "../types.ts";

/** What one proxy knows of destinations. */
export interface ClusterContext {
  /** The proxy's. */
  readonly namespace: string;
  readonly labels: Labels;
  /** The services that the proxy sees, by full name. */
  readonly services: ReadonlyMap<string, MeshService>;
  readonly ruleOf: RuleOf;
}

/** The connection goes on to the address that the caller meant. */
export const PASSTHROUGH = "PassthroughCluster";

export interface NamedCluster {
  readonly name: string;
  /** Undefined where the proxy has no such cluster. */
  readonly destination: Destination | undefined;
}

/** Where a request came in: at the port of a gateway, or of the "mesh". */
export interface Entrance {
  readonly gateway: string;
  readonly listenPort: number;
}

/**
 * A destination without a port has the one at which the request came in; at a gateway it is its
 * service's only one, of which a sidecar does not know (Istio: GetDestinationCluster in
 * pilot/pkg/networking/core/route/route.go, servicesByName in core/httproute.go).
 */
export function lookUpCluster(
  context: ClusterContext,
  spec: DestinationSpec,
  { gateway, listenPort }: Entrance,
): NamedCluster {
  const fqdn = spec.host.toLowerCase();
  const ports = gateway === "mesh" ? [] : (context.services.get(fqdn)?.ports ?? []);
  const only = ports.length === 1 ? ports[0]?.port : undefined;
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
  const rule = context.ruleOf({ namespace, labels, fqdn, owner: service.namespace });
  const chosen = subset === undefined ? undefined : rule?.subsets.get(subset);
  // istiod makes a cluster for each subset of the rule only: another is unknown to Envoy.
  if (subset !== undefined && chosen === undefined) return { name, destination: undefined };
  const policy = mergePolicies(rule?.policy, chosen?.trafficPolicy);
  return {
    name,
    destination: {
      fqdn,
      port,
      subset,
      labels: { ...service.selector, ...chosen?.labels },
      namespace: service.namespace,
      ...(policy === undefined ? {} : { policy }),
    },
  };
}
