import { intersect } from "../host.ts";
import { type Resource, readGroup, readKind, sortByAge } from "../resource.ts";
import type { JsonObject } from "../types.ts";
import { TRANSLATED } from "../validation/translated.ts";
import { HttpRouteSpec, type ParentRef } from "./schema.ts";
import { type OpenListener, translateGateways } from "./translate-gateways.ts";
import { type TranslatedMatch, translateRules } from "./translate-rule.ts";

const GROUP = "gateway.networking.k8s.io";

type HttpRoute = Resource<HttpRouteSpec>;

/** What a route hangs on: a listener of a gateway, or a Service of the mesh. */
interface Parent {
  /** "mesh", or "namespace/name" of the gateway that the listener became. */
  readonly gateway: string;
  readonly hosts: readonly string[];
  /** Of a Service's one port. */
  readonly port: number | undefined;
}

/**
 * The resources with what the HTTPRoutes and Gateways of the Gateway API mean as VirtualServices
 * and Gateways in their place, as istiod itself translates them: all routes of one host on one
 * listener become one list, sorted by the specification's precedence. Gives the resources as they
 * are where there is none of them.
 */
export function translateHttpRoutes(resources: readonly JsonObject[]): readonly JsonObject[] {
  const others = resources.filter((one) => readGroup(one["apiVersion"]) !== GROUP);
  if (others.length === resources.length) return resources;
  const { gateways, listeners } = translateGateways(resources);
  const routes = sortByAge(
    readKind(resources, { group: GROUP, kind: "HTTPRoute", spec: HttpRouteSpec }),
  );
  const placed = routes.flatMap((route) => {
    const translated = translateRules(route);
    return listParents(route, listeners).flatMap(({ gateway, hosts, port }) =>
      hosts.map((host) => ({ gateway, host, port, route, translated })),
    );
  });
  const groups = Map.groupBy(placed, ({ gateway, host }) => JSON.stringify([gateway, host]));
  return [...others, ...gateways, ...[...groups.values()].map(buildVirtualService)];
}

interface Placed {
  readonly gateway: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly route: HttpRoute;
  readonly translated: readonly TranslatedMatch[];
}

function buildVirtualService(group: readonly Placed[]): JsonObject {
  const [first] = group;
  if (first === undefined) throw new RangeError("A group of routes is empty");
  const { gateway, host, route } = first;
  const names = [...new Set(group.map((one) => one.route.name))].join("+");
  const http = group
    .flatMap(({ translated, port }) => translated.map((one) => ({ ...one, port })))
    .toSorted((one, other) => comparePrecedence(one, other))
    .flatMap(({ routes, port }) => routes.map((one) => withPort(one, port)));
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: {
      name: `${names}@${gateway.replace("/", ".")}:${host}`,
      namespace: route.namespace,
      annotations: TRANSLATED,
    },
    spec: { hosts: [host], gateways: [gateway], http },
  };
}

function withPort(route: JsonObject, port: number | undefined): JsonObject {
  const { match } = route;
  if (port === undefined || !Array.isArray(match)) return route;
  return { ...route, match: match.map((one: JsonObject) => ({ ...one, port })) };
}

const RANKS = { Exact: 0, PathPrefix: 1, RegularExpression: 2 } as const;

/**
 * An exact path, the longest prefix, a pattern; then a method, then more headers, then more
 * parameters; what is still equal stays in the order of age, name and place
 * (HTTPRouteRule.matches of the specification; patterns stand where istiod puts them,
 * `sortHTTPRoutes`).
 */
function comparePrecedence(
  { match: one }: TranslatedMatch,
  { match: other }: TranslatedMatch,
): number {
  const length = (value: string) => (value === "/" ? value : value.replace(/\/$/, "")).length;
  return (
    RANKS[one.path.type] - RANKS[other.path.type] ||
    length(other.path.value) - length(one.path.value) ||
    Number(other.method !== undefined) - Number(one.method !== undefined) ||
    other.headers.length - one.headers.length ||
    other.queryParams.length - one.queryParams.length
  );
}

function listParents(route: HttpRoute, listeners: readonly OpenListener[]): readonly Parent[] {
  const { hostnames, parentRefs } = route.spec;
  return parentRefs.flatMap((ref): readonly Parent[] => {
    if (ref.kind === "Service" && ref.group === "") return [findService(route, ref)];
    if (ref.kind !== "Gateway" || ref.group !== GROUP) return [];
    return listeners
      .filter((listener) => isAttached(route, ref, listener))
      .map(({ gateway, hostname }) => ({
        gateway,
        hosts: hostnames.length === 0 ? [hostname] : intersect(hostnames, [hostname]),
        port: undefined,
      }));
  });
}

function isAttached({ namespace }: HttpRoute, ref: ParentRef, listener: OpenListener): boolean {
  const { owner, from } = listener;
  return (
    ref.name === owner.name &&
    (ref.namespace ?? namespace) === owner.namespace &&
    (ref.sectionName === undefined || ref.sectionName === listener.name) &&
    (ref.port === undefined || ref.port === listener.port) &&
    (from === "All" || (from === "Same" && namespace === owner.namespace))
  );
}

/** A route of the mesh: for callers of the Service (GAMMA). */
function findService(
  { namespace }: HttpRoute,
  { name, namespace: owner, port }: ParentRef,
): Parent {
  const host = `${name}.${owner ?? namespace}.svc.cluster.local`;
  return { gateway: "mesh", hosts: [host], port };
}
