import { compareSpecific, isSubsetOf, isWildcard, overlaps } from "../host.ts";
import type { KnownService } from "../registry.ts";
import type { OutboundPolicy } from "../sidecar-scope.ts";
import { DEFAULT_RETRIES } from "./actions.ts";
import { buildCluster, type NamedCluster, PASSTHROUGH } from "./clusters.ts";
import { NO_OPS } from "./header-ops.ts";
import { translateMatch } from "./matches.ts";
import type { Action, Route, RouteTable, VirtualHost } from "./route-table.ts";
import { buildRoutes, type RouteContext } from "./routes.ts";
import type { BoundVirtualService } from "./virtual-services.ts";

export interface SidecarTableOptions {
  /** Those that the workload sees, in Istio's order. */
  readonly virtualServices: readonly BoundVirtualService[];
  /** Those whose names have routes. */
  readonly services: readonly KnownService[];
  readonly context: Omit<RouteContext, "gateway" | "listenPort" | "tls">;
  readonly port: number;
  readonly outbound: OutboundPolicy;
}

/** What a workload's sidecar does with requests to one port (Istio: core/httproute.go). */
export function buildSidecarTable(options: SidecarTableOptions): RouteTable {
  const { context, port, outbound } = options;
  const full: RouteContext = { ...context, gateway: "mesh", listenPort: port, tls: false };
  const open = options.services.filter(({ httpPorts }) => httpPorts.has(port));
  const bound = options.virtualServices.filter(({ gateways }) => gateways.includes("mesh"));
  const names = new Set(open.map(({ fqdn }) => fqdn));
  const hosts = createHostList(names);
  const left = new Map(open.map((one) => [one.fqdn, one]));
  for (const one of bound) {
    const { services, others } = splitHosts(one, { open, bound });
    // A gross hack of Istio's own: at port 80 a host needs no service.
    if (services.length === 0 && port !== 80) continue;
    const routes = buildRoutes(one.placed, full);
    if (routes.length === 0) continue;
    for (const host of others)
      hosts.add(`${host}:${port}`, { domains: [host], alternatives: [], routes });
    for (const service of services) {
      left.delete(service.fqdn);
      hosts.add(`${service.fqdn}:${port}`, { ...listDomains(service, context.namespace), routes });
    }
  }
  for (const service of left.values()) {
    const { fqdn } = service;
    const cluster = buildCluster(full, { fqdn, port, subset: undefined });
    const routes = [buildPlainRoute("default", forwardTo(cluster, true))];
    hosts.add(`${fqdn}:${port}`, { ...listDomains(service, context.namespace), routes });
  }
  return { virtualHosts: [...hosts.list, buildCatchAll(outbound)], notes: hosts.notes };
}

interface HostParts {
  readonly domains: readonly string[];
  /** Short forms, which yield to a service that has the name in full. */
  readonly alternatives: readonly string[];
  readonly routes: readonly Route[];
}

/** A domain belongs to the first that asks for it: buildVirtualHost and dedupeDomains. */
function createHostList(names: ReadonlySet<string>) {
  const list: VirtualHost[] = [];
  const notes: string[] = [];
  const taken = new Set<string>();
  const add = (name: string, { domains, alternatives, routes }: HostParts) => {
    const free = [
      ...domains.filter((domain) => !taken.has(domain)),
      ...alternatives.filter((domain) => !taken.has(domain) && !names.has(domain)),
    ];
    const [source] = routes;
    if (free.length === 0) {
      const owner = source?.ref.virtualService ?? "a Service";
      notes.push(`${name} of ${owner} is not used: an earlier VirtualService has the host`);
      return;
    }
    for (const domain of free) taken.add(domain);
    list.push({ name, domains: free, requireTls: false, routes });
  };
  return { list, notes, add };
}

interface SplitOptions {
  readonly open: readonly KnownService[];
  readonly bound: readonly BoundVirtualService[];
}

/** The services that a VirtualService's hosts name, and the hosts that are none. */
function splitHosts(one: BoundVirtualService, { open, bound }: SplitOptions) {
  const services: KnownService[] = [];
  const others: string[] = [];
  for (const host of one.hosts.map((each) => each.toLowerCase())) {
    if (!isWildcard(host)) {
      const found = open.find(({ fqdn }) => fqdn === host);
      if (found === undefined) others.push(host);
      else services.push(found);
      continue;
    }
    const covered = open.filter(({ fqdn }) => overlaps(fqdn, host));
    if (covered.length === 0) others.push(host);
    services.push(...covered.filter((service) => findMostSpecific(service, bound) === one));
  }
  return { services: [...new Set(services)], others };
}

/** Whose host says most about a service; of equals the first (computeWildcardHostVirtualServiceIndex). */
function findMostSpecific(
  { fqdn }: KnownService,
  bound: readonly BoundVirtualService[],
): BoundVirtualService | undefined {
  const candidates = bound.flatMap((one) =>
    one.hosts
      .map((host) => host.toLowerCase())
      .filter((host) => isSubsetOf(fqdn, host))
      .map((host) => ({ host, one })),
  );
  return candidates.sort((a, b) => compareSpecific(a.host, b.host))[0]?.one;
}

/** The names under which a caller of a namespace may call a service: GenerateAltVirtualHosts. */
function listDomains({ fqdn }: KnownService, caller: string) {
  const alternatives = [`${fqdn}.`];
  const [, name, namespace] = /^([^.*]+)\.([^.]+)\.svc\.cluster\.local$/.exec(fqdn) ?? [];
  if (name !== undefined) alternatives.push(`${name}.${namespace}.svc`, `${name}.${namespace}`);
  if (name !== undefined && namespace === caller) alternatives.push(name);
  return { domains: [fqdn], alternatives };
}

/** Where no host is known: buildCatchAllVirtualHost. */
function buildCatchAll(outbound: OutboundPolicy): VirtualHost {
  const [name, action]: [string, Action] =
    outbound === "ALLOW_ANY"
      ? ["allow_any", forwardTo({ name: PASSTHROUGH, destination: undefined }, false)]
      : ["block_all", { kind: "direct", status: 502, body: undefined }];
  return { name, domains: ["*"], requireTls: false, routes: [buildPlainRoute(name, action)] };
}

/** The pods in turn and no time limit; for a Service with Istio's retries. */
function forwardTo(cluster: NamedCluster, retries: boolean): Action {
  return {
    kind: "forward",
    clusters: [{ ...cluster, weight: 1, request: NO_OPS, response: NO_OPS, authority: undefined }],
    mirrors: [],
    timeoutMs: undefined,
    retries: retries ? DEFAULT_RETRIES : undefined,
    rewrite: undefined,
    authority: undefined,
  };
}

function buildPlainRoute(name: string, action: Action): Route {
  return {
    ref: { route: name, index: 0 },
    match: translateMatch(undefined),
    action,
    request: NO_OPS,
    response: NO_OPS,
    fault: undefined,
    cors: undefined,
  };
}
