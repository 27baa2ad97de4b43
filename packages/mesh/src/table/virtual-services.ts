import { resolveShortName } from "../host.ts";
import { type Resource, sortByAge } from "../resource.ts";
import type { RouteSpec, VirtualServiceSpec } from "../schema/virtual-service.ts";
import { type ExportTo, isVisibleTo } from "../visibility.ts";
import { checkVirtualService } from "./check-route.ts";
import { mergeRoute } from "./delegates.ts";
import type { PlacedRoute } from "./routes.ts";

/** A VirtualService, which has no hosts if it is a delegate; names are full, its delegates' routes are put in. */
export interface BoundVirtualService {
  readonly name: string;
  readonly namespace: string;
  readonly exportTo: ExportTo;
  readonly hosts: readonly string[];
  /** "mesh" or "namespace/name". */
  readonly gateways: readonly string[];
  readonly placed: readonly PlacedRoute[];
}

type VirtualServiceResource = Resource<VirtualServiceSpec>;

/** In Istio's order: by age, then by name (virtualservice_controller.go, mergeVirtualServices). */
export function bindVirtualServices(
  resources: readonly VirtualServiceResource[],
): BoundVirtualService[] {
  for (const resource of resources) checkVirtualService(resource);
  return sortByAge(resources).map((resource) => bind(resource, resources));
}

function bind(
  resource: VirtualServiceResource,
  resources: readonly VirtualServiceResource[],
): BoundVirtualService {
  const { name, namespace, spec } = resource;
  const gateways = spec.gateways ?? [];
  return {
    name,
    namespace,
    exportTo: spec.exportTo,
    hosts: (spec.hosts ?? []).map((host) => resolveShortName(host, namespace)),
    gateways:
      gateways.length === 0 ? ["mesh"] : gateways.map((one) => resolveGateway(one, namespace)),
    placed: (spec.http ?? []).flatMap((route, index) =>
      place(resource, { index, route, resources }),
    ),
  };
}

interface PlaceOptions {
  readonly index: number;
  readonly route: RouteSpec;
  readonly resources: readonly VirtualServiceResource[];
}

function place(
  root: VirtualServiceResource,
  { index, route, resources }: PlaceOptions,
): PlacedRoute[] {
  const { id, name, namespace } = root;
  const spec = resolveNames(route, namespace);
  const field = `spec.http[${index}]`;
  const owner = `${namespace}/${name}`;
  if (route.delegate === undefined) return [{ spec, owner, index, resource: id, field }];
  const delegate = findDelegate(root, { ...route.delegate }, resources);
  // A delegate that is not there, or not exported, takes its route away and nothing else.
  return (delegate?.spec.http ?? []).flatMap((own, position) => {
    const merged = mergeRoute(spec, resolveNames(own, delegate?.namespace ?? ""));
    if (merged === undefined) return [];
    const place = { resource: delegate?.id ?? id, field: `spec.http[${position}]` };
    return [{ spec: merged, owner, index, ...place }];
  });
}

function findDelegate(
  root: VirtualServiceResource,
  wanted: { readonly name?: string | undefined; readonly namespace?: string | undefined },
  resources: readonly VirtualServiceResource[],
): VirtualServiceResource | undefined {
  const namespace = wanted.namespace || root.namespace;
  return resources.find(
    (one) =>
      one.name === wanted.name &&
      one.namespace === namespace &&
      (one.spec.hosts ?? []).length === 0 &&
      isVisibleTo(one.spec.exportTo, one.namespace, root.namespace),
  );
}

/** "mesh" stays, a name gets the VirtualService's namespace, "namespace/name" stays. */
function resolveGateway(name: string, namespace: string): string {
  return name === "mesh" || name.includes("/") ? name : `${namespace}/${name}`;
}

/** Every destination and gateway by its full name: ResolveVirtualServiceShortnames. */
function resolveNames(route: RouteSpec, namespace: string): RouteSpec {
  const full = <Spec extends { readonly host: string }>(spec: Spec): Spec => ({
    ...spec,
    host: resolveShortName(spec.host, namespace),
  });
  return {
    ...route,
    ...(route.match && {
      match: route.match.map((match) => ({
        ...match,
        ...(match.gateways && {
          gateways: match.gateways.map((one) => resolveGateway(one, namespace)),
        }),
      })),
    }),
    ...(route.route && {
      route: route.route.map((one) => ({ ...one, destination: full(one.destination) })),
    }),
    ...(route.mirror && { mirror: full(route.mirror) }),
    ...(route.mirrors && {
      mirrors: route.mirrors.map((one) => ({ ...one, destination: full(one.destination) })),
    }),
  };
}
