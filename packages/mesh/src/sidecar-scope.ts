import { isSubsetOf, overlaps } from "./host.ts";
import type { KnownService } from "./registry.ts";
import { type Resource, sortByAge } from "./resource.ts";
import type { SidecarSpec } from "./schema/sidecar.ts";
import type { BoundVirtualService } from "./table/virtual-services.ts";
import type { Labels } from "./types.ts";
import { isVisibleTo, selects } from "./visibility.ts";

// What a workload's proxy sees (Istio: pilot/pkg/model/sidecar.go, virtualservice.go).

export type OutboundPolicy = "ALLOW_ANY" | "REGISTRY_ONLY";

export interface Scope {
  /** Whose names have routes. */
  readonly services: readonly KnownService[];
  /** Where a route may send a request: what is exported to the proxy, what it imports before others of a name. */
  readonly destinations: ReadonlyMap<string, KnownService>;
  readonly virtualServices: readonly BoundVirtualService[];
  readonly outbound: OutboundPolicy;
}

export interface ScopeInput {
  readonly services: readonly KnownService[];
  readonly virtualServices: readonly BoundVirtualService[];
  readonly sidecars: readonly Resource<SidecarSpec>[];
  readonly namespace: string;
  readonly labels: Labels;
  readonly rootNamespace: string;
  readonly outbound: OutboundPolicy;
}

/** What a gateway's proxy sees: all that is exported to its namespace. */
export function scopeGateway(input: Omit<ScopeInput, "sidecars" | "rootNamespace">): Scope {
  const { namespace } = input;
  const services = input.services.filter((one) =>
    isVisibleTo(one.exportTo, one.namespace, namespace),
  );
  const virtualServices = orderByExport(input.virtualServices, namespace);
  return { ...input, services, virtualServices, destinations: indexByName(services, namespace) };
}

/** What a workload's proxy sees at one port, by its Sidecar. */
export function scopeWorkload(input: ScopeInput, port: number): Scope {
  const { namespace, services, virtualServices } = input;
  const sidecar = findSidecar(input);
  const outbound = sidecar?.outboundTrafficPolicy?.mode ?? input.outbound;
  const listeners = sidecar?.egress ?? [{ hosts: ["*/*"] }];
  const listener = listeners.find((one) => one.port === undefined || one.port.number === port);
  const imports = readImports(listener?.hosts ?? [], namespace);
  const exported = services
    .filter((one) => isVisibleTo(one.exportTo, one.namespace, namespace))
    .map((one) => atPort(one, listener?.port?.number));
  const seen = exported.filter((one) =>
    imports(one.namespace).some((host) => isSubsetOf(one.fqdn, host)),
  );
  const visible = orderByExport(virtualServices, namespace).filter((one) =>
    one.hosts.some((host) => imports(one.namespace).some((wanted) => overlaps(host, wanted))),
  );
  const own = [...indexByName(seen, namespace).values()];
  return {
    services: own,
    virtualServices: visible,
    destinations: new Map([...indexByName(exported, namespace), ...indexByName(own, namespace)]),
    outbound,
  };
}

/** Of a service, a listener for one port knows that port alone (serviceMatchingListenerPort). */
function atPort(service: KnownService, port: number | undefined): KnownService {
  if (port === undefined) return service;
  return { ...service, ports: service.ports.filter((one) => one.port === port) };
}

/** Its namespace's with a selector that takes it, then without one, then the root namespace's. */
function findSidecar(input: ScopeInput): SidecarSpec | undefined {
  const { sidecars, namespace, labels, rootNamespace } = input;
  const own = sortByAge(sidecars.filter((one) => one.namespace === namespace));
  const selecting = own.find(
    ({ spec }) =>
      spec.workloadSelector !== undefined && selects(spec.workloadSelector.labels, labels),
  );
  const root = sortByAge(sidecars.filter((one) => one.namespace === rootNamespace));
  const general = [...own, ...root].find(({ spec }) => spec.workloadSelector === undefined);
  return (selecting ?? general)?.spec;
}

/** The hosts wanted of a namespace, from "namespace/host", "./host" and "*\/host"; no namespace is "~". */
function readImports(hosts: readonly string[], namespace: string): (owner: string) => string[] {
  const entries = hosts.map((entry) => {
    const slash = entry.indexOf("/");
    const owner = entry.slice(0, slash);
    return { owner: owner === "." ? namespace : owner, host: entry.slice(slash + 1) };
  });
  return (owner) =>
    entries.filter((one) => one.owner === owner || one.owner === "*").map(({ host }) => host);
}

/** Its own namespace's private ones, then those exported by name, then the public: by age in each. */
function orderByExport(
  virtualServices: readonly BoundVirtualService[],
  viewer: string,
): BoundVirtualService[] {
  const rank = ({ exportTo, namespace }: BoundVirtualService) => {
    if (exportTo === undefined || exportTo.length === 0 || exportTo.includes("*")) return 2;
    return namespace === viewer ? 0 : 1;
  };
  return virtualServices
    .filter((one) => isVisibleTo(one.exportTo, one.namespace, viewer))
    .toSorted((one, other) => rank(one) - rank(other));
}

/** One service a name: the viewer's namespace's own, else the first. */
function indexByName(
  services: readonly KnownService[],
  namespace: string,
): Map<string, KnownService> {
  const index = new Map<string, KnownService>();
  for (const one of services) {
    const known = index.get(one.fqdn);
    if (known === undefined) index.set(one.fqdn, one);
    else if (known.namespace !== namespace && one.namespace === namespace) index.set(one.fqdn, one);
  }
  return index;
}
