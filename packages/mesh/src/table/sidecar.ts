import { resolveShortName } from "../host.ts";
import type { MeshService } from "../types.ts";
import { DEFAULT_RETRIES } from "./actions.ts";
import { buildCluster } from "./clusters.ts";
import { NO_OPS } from "./header-ops.ts";
import { translateMatch } from "./matches.ts";
import type { Route, RouteTable, VirtualHost } from "./route-table.ts";
import { buildRoutes, type RouteContext } from "./routes.ts";
import type { BoundVirtualService } from "./virtual-services.ts";

export interface SidecarTableOptions {
  /** Those that the workload sees, in Istio's order. */
  readonly virtualServices: readonly BoundVirtualService[];
  readonly context: Omit<RouteContext, "gateway" | "listenPort" | "tls">;
  readonly port: number;
}

/** What a workload's sidecar does with requests to one port (Istio: core/httproute.go). */
export function buildSidecarTable(options: SidecarTableOptions): RouteTable {
  const { virtualServices, context, port } = options;
  const full: RouteContext = { ...context, gateway: "mesh", listenPort: port, tls: false };
  const open = new Map(
    [...context.services].filter(([, { ports }]) => ports.some((one) => one.port === port)),
  );
  const hosts: VirtualHost[] = [];
  for (const { resource, placed } of virtualServices) {
    const { spec, namespace } = resource;
    const gateways = spec.gateways ?? ["mesh"];
    if (!gateways.includes("mesh")) continue;
    const routes = buildRoutes(placed, full);
    if (routes.length === 0) continue;
    for (const host of spec.hosts ?? []) {
      const name = resolveShortName(host, namespace).toLowerCase();
      const service = open.get(name);
      open.delete(name);
      const domains = service === undefined ? [name] : listDomains(service, context.namespace);
      hosts.push({ name: `${name}:${port}`, domains, requireTls: false, routes });
    }
  }
  for (const service of open.values()) hosts.push(buildDefault(service, full));
  return { virtualHosts: hosts, notes: [] };
}

/** The names under which a caller of a namespace may call a service: GenerateAltVirtualHosts. */
function listDomains({ fqdn, name, namespace }: MeshService, caller: string): string[] {
  const long = [fqdn, `${fqdn}.`, `${name}.${namespace}.svc`, `${name}.${namespace}`];
  return caller === namespace ? [...long, name] : long;
}

/** Without a VirtualService the Service's pods in turn, with Istio's retries and no time limit. */
function buildDefault(service: MeshService, context: RouteContext): VirtualHost {
  const { fqdn } = service;
  const cluster = buildCluster(context, { fqdn, port: context.listenPort, subset: undefined });
  const route: Route = {
    ref: { route: "default", index: 0 },
    match: translateMatch(undefined),
    action: {
      kind: "forward",
      clusters: [
        { ...cluster, weight: 1, request: NO_OPS, response: NO_OPS, authority: undefined },
      ],
      mirrors: [],
      timeoutMs: undefined,
      retries: DEFAULT_RETRIES,
      rewrite: undefined,
      authority: undefined,
    },
    request: NO_OPS,
    response: NO_OPS,
    fault: undefined,
    cors: undefined,
  };
  const domains = listDomains(service, context.namespace);
  return { name: `${fqdn}:${context.listenPort}`, domains, requireTls: false, routes: [route] };
}
