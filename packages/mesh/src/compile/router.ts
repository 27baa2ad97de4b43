import type { Route, RouteTable, VirtualHost } from "../table/route-table.ts";
import type { Decision, LimitCall, MeshRequest, RouteRef } from "../types.ts";
import { compileHosts } from "./choose-host.ts";
import type { Choose } from "./chooser.ts";
import { type Condition, compileMatch } from "./conditions.ts";
import { compileAction, type Decide } from "./decide-action.ts";
import { type Incoming, readIncoming } from "./incoming.ts";

export type LimitsOf = (request: MeshRequest, route: RouteRef) => LimitCall | undefined;

export interface CompiledRoute {
  readonly route: Route;
  readonly conditions: readonly Condition[];
  readonly decide: Decide;
}

export interface CompiledHost extends Pick<VirtualHost, "name" | "domains" | "requireTls"> {
  readonly routes: readonly CompiledRoute[];
}

export interface CompiledTable {
  findHost(authority: string): CompiledHost | undefined;
  readonly notes: readonly string[];
}

export function compileTable(table: RouteTable): CompiledTable {
  const hosts = table.virtualHosts.map((host) => ({
    ...host,
    routes: host.routes.map((route) => ({
      route,
      conditions: compileMatch(route.match),
      decide: compileAction(route),
    })),
  }));
  return { findHost: compileHosts(hosts), notes: table.notes };
}

/** What a proxy does with a request, by the table of one of its ports. */
export function decideByTable(
  table: CompiledTable,
  request: MeshRequest,
  { choose, limitsOf }: { choose: Choose; limitsOf: LimitsOf },
): Decision {
  const host = table.findHost(request.authority);
  if (host === undefined) return noRoute(`No host "${request.authority}" is served`);
  const incoming = readIncoming(request);
  if (host.requireTls && request.scheme !== "https") return redirectToTls(incoming);
  for (const { conditions, route, decide } of host.routes) {
    if (!matches(conditions, incoming)) continue;
    const limits = route.action.kind === "forward" ? limitsOf(request, route.ref) : undefined;
    return decide(incoming, { choose, limits });
  }
  return noRoute(`No route of the host "${host.name}" matches`);
}

export function matches(conditions: readonly Condition[], incoming: Incoming): boolean {
  for (const condition of conditions) if (!condition.test(incoming)) return false;
  return true;
}

export function noRoute(reason: string): Decision {
  return { kind: "none", status: 404, reason, flag: "NR", limits: undefined };
}

/** Envoy: VirtualHost.require_tls; the path, the query and the host stay. */
export function redirectToTls({ request, path, query }: Incoming): Decision {
  return {
    kind: "redirect",
    route: { route: "require-tls", index: 0 },
    status: 301,
    location: `https://${request.authority}${path}${query}`,
    response: { set: [], add: [], remove: [] },
    limits: undefined,
  };
}
