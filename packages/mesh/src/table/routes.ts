import type { MatchSpec, RouteSpec } from "../schema/virtual-service.ts";
import { selects } from "../visibility.ts";
import { translateAction } from "./actions.ts";
import type { ClusterContext } from "./clusters.ts";
import { translateHeaders } from "./header-ops.ts";
import { isCatchAll, translateMatch } from "./matches.ts";
import type { Route } from "./route-table.ts";

/** For whom a VirtualService's routes are built. */
export interface RouteContext extends ClusterContext {
  /** "mesh", or the "namespace/name" of the gateway. */
  readonly gateway: string;
  readonly listenPort: number;
  readonly tls: boolean;
}

/** A route of a VirtualService, every host and gateway in it by its full name. */
export interface PlacedRoute {
  readonly spec: RouteSpec;
  /** "namespace/name" of the VirtualService that has the hosts. */
  readonly owner: string;
  readonly index: number;
  /** Where it is written, for an error: a delegate's route in the delegate. */
  readonly resource: string;
  readonly field: string;
}

/**
 * The routes of a VirtualService for one proxy and port, up to the first that takes every request
 * (Istio: BuildHTTPRoutesForVirtualService). A match for another port, gateway or source is left out.
 */
export function buildRoutes(placed: readonly PlacedRoute[], context: RouteContext): Route[] {
  const routes: Route[] = [];
  for (const one of placed) {
    const matches = one.spec.match ?? [];
    if (matches.length === 0) {
      routes.push(buildRoute(one, undefined, context));
      return routes;
    }
    for (const match of matches) {
      if (!isForSource(match, context)) continue;
      const route = buildRoute(one, match, context);
      routes.push(route);
      if (isCatchAll(route.match)) return routes;
    }
  }
  return routes;
}

/** Istio: the first lines of TranslateRoute, and sourceMatchHTTP. */
function isForSource(match: MatchSpec, context: RouteContext): boolean {
  if (match.port !== undefined && match.port !== context.listenPort) return false;
  const gateways = match.gateways ?? [];
  if (gateways.length > 0) return gateways.includes(context.gateway);
  if (!selects(match.sourceLabels ?? {}, context.labels)) return false;
  return (match.sourceNamespace ?? "") === "" || match.sourceNamespace === context.namespace;
}

function buildRoute(one: PlacedRoute, match: MatchSpec | undefined, context: RouteContext): Route {
  const { spec, owner, index, resource, field } = one;
  const name = [spec.name ?? "", ...(match?.name ? [match.name] : [])].join(".");
  const place = { resource, field: `${field}.headers` };
  const translated = translateMatch(match);
  const headers = translateHeaders(spec.headers, place);
  const { action, request, response } = translateAction(one, {
    context,
    path: translated.path,
    headers,
  });
  return {
    ref: {
      virtualService: owner,
      ...(name === "" ? {} : { route: name }),
      index,
    },
    match: translated,
    action,
    request,
    response,
    fault: translateFault(spec),
    cors: spec.corsPolicy,
  };
}

/** Istio: TranslateFault. A delay without a percentage is one of 0 %, an abort without one as well. */
function translateFault({ fault }: RouteSpec): Route["fault"] {
  if (fault === undefined) return undefined;
  const { delay, abort } = fault;
  return {
    delay: delay && {
      ms: delay.fixedDelay,
      percent: delay.percentage?.value ?? delay.percent ?? 0,
    },
    abort: abort && { status: abort.httpStatus, percent: abort.percentage?.value ?? 0 },
  };
}
