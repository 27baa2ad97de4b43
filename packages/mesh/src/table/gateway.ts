import { hostsForNamespace, intersect } from "../host.ts";
import type { Resource } from "../resource.ts";
import type { GatewaySpec, ServerSpec } from "../schema/kinds.ts";
import { selects } from "../visibility.ts";
import { isCatchAll } from "./matches.ts";
import type { Route, RouteTable, VirtualHost } from "./route-table.ts";
import { buildRoutes, type RouteContext } from "./routes.ts";
import type { BoundVirtualService } from "./virtual-services.ts";

type GatewayResource = Resource<GatewaySpec>;

export interface GatewayTableOptions {
  /** In Istio's order: by age, then by name. */
  readonly gateways: readonly GatewayResource[];
  /** Those that the gateway's namespace sees. */
  readonly virtualServices: readonly BoundVirtualService[];
  readonly context: Omit<RouteContext, "gateway" | "listenPort" | "tls">;
  readonly port: number;
  /** Whether a gateway's pods serve the Gateways of their own namespace only. */
  readonly scopeToNamespace: boolean;
}

/**
 * What a gateway's pods do at one port (Istio: buildGatewayHTTPRouteConfig in
 * pilot/pkg/networking/core/gateway.go). Undefined: no server listens there.
 */
export function buildGatewayTable(options: GatewayTableOptions): RouteTable | undefined {
  const { gateways, context, port, scopeToNamespace } = options;
  const servers = gateways
    .filter(({ namespace }) => !scopeToNamespace || namespace === context.namespace)
    .filter(({ spec }) => selects(spec.selector, context.labels))
    .flatMap((gateway) =>
      gateway.spec.servers
        .filter((server) => server.port.number === port)
        .map((server) => ({ gateway, server })),
    );
  if (servers.length === 0) return undefined;
  const hosts = new Map<string, MutableHost>();
  for (const { gateway, server } of servers) addServer(hosts, { ...options, gateway, server });
  return { virtualHosts: finish(hosts, port), notes: [] };
}

interface MutableHost {
  requireTls: boolean;
  readonly routes: Route[];
}

interface ServerOptions extends GatewayTableOptions {
  readonly gateway: GatewayResource;
  readonly server: ServerSpec;
}

/** Routes of several VirtualServices of one host are put one after the other, the oldest's first. */
function addServer(hosts: Map<string, MutableHost>, options: ServerOptions): void {
  const { gateway, server, virtualServices, context, port } = options;
  const own = readHosts(server.hosts, gateway.namespace);
  const redirect = server.tls?.httpsRedirect === true;
  const name = `${gateway.namespace}/${gateway.name}`;
  const get = (host: string) => {
    const found = hosts.get(host) ?? { requireTls: false, routes: [] };
    hosts.set(host, found);
    found.requireTls ||= redirect;
    return found;
  };
  for (const bound of virtualServices) {
    const { namespace, gateways, hosts: wanted, placed } = bound;
    if (!gateways.includes(name)) continue;
    const common = intersect(hostsForNamespace(own, namespace), wanted);
    if (common.length === 0) continue;
    const tls = server.tls !== undefined;
    const routes = buildRoutes(placed, { ...context, gateway: name, listenPort: port, tls });
    if (routes.length === 0) continue;
    for (const host of common) get(host.toLowerCase()).routes.push(...routes);
  }
  // Without a VirtualService a host of a redirecting server redirects all the same, but not one
  // with a namespace: Istio makes a domain of both, which no request has.
  if (redirect) for (const host of own) get(host.toLowerCase());
}

/** Istio: sanitizeServerHostNamespace in pilot/pkg/model/gateway.go. */
function readHosts(hosts: readonly string[], namespace: string): readonly string[] {
  return hosts.map((host) => host.replace(/^\.\//, `${namespace}/`).replace(/^\*\//, ""));
}

/** The routes that take every request come last: SortVHostRoutes in route.go. */
function finish(hosts: ReadonlyMap<string, MutableHost>, port: number): VirtualHost[] {
  return [...hosts].map(([host, { requireTls, routes }]) => ({
    name: `${host}:${port}`,
    domains: [host],
    requireTls,
    routes: [
      ...routes.filter(({ match }) => !isCatchAll(match)),
      ...routes.filter(({ match }) => isCatchAll(match)),
    ],
  }));
}
