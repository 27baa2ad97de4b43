import type { Limits } from "../limits/index.ts";
import { NO_OPS } from "../table/header-ops.ts";
import type { Action, Route, RouteTable, VirtualHost } from "../table/route-table.ts";
import type { Decision, MeshRequest } from "../types.ts";
import { compileHosts } from "./choose-host.ts";
import type { Choose } from "./chooser.ts";
import { type Condition, compileMatch } from "./conditions.ts";
import { compileAction, type Decide } from "./decide-action.ts";
import type { FrontGuard, Guards } from "./guards.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import type { Normalize } from "./normalize-path.ts";

/** A route that is taken when every condition holds. */
export interface CompiledRoute {
  readonly route: Route;
  readonly conditions: readonly Condition[];
  readonly decide: Decide;
}

/** A virtual host; its routes are tried in order. */
export interface CompiledHost extends Pick<VirtualHost, "name" | "domains" | "requireTls"> {
  readonly routes: readonly CompiledRoute[];
}

/** The routes of one proxy and port, ready to decide. */
export interface CompiledTable {
  findHost(authority: string): CompiledHost | undefined;
  readonly normalize: Normalize;
  readonly guard: FrontGuard | undefined;
  readonly notes: readonly string[];
}

/** What bears on every route of a table: the port asked, the limits, the guards, the path. */
export interface CompileOptions {
  readonly port: number;
  readonly limits: Limits;
  readonly normalize: Normalize;
  readonly guards: Guards;
}

/** Envoy's words for an action, as an EnvoyFilter's match has them. */
const ACTION_NAMES = { forward: "ROUTE", redirect: "REDIRECT", direct: "DIRECT_RESPONSE" } as const;

/** Compiles a table once, so that a decision only tests conditions. */
export function compileTable(table: RouteTable, options: CompileOptions): CompiledTable {
  const { port, limits, normalize, guards } = options;
  const hosts = table.virtualHosts.map((host) => ({
    ...host,
    routes: host.routes.map((route) => {
      const { ref, action } = route;
      const limit = limits.of({
        virtualHost: host.name,
        domains: host.domains,
        name: ref.route,
        action: nameAction(action),
        virtualService: ref.virtualService,
        port,
      });
      return {
        route,
        conditions: compileMatch(route.match),
        decide: compileAction(route, { limit, guards }),
      };
    }),
  }));
  return { findHost: compileHosts(hosts), normalize, guard: guards.front, notes: table.notes };
}

function nameAction({ kind }: Action): (typeof ACTION_NAMES)[keyof typeof ACTION_NAMES] {
  return ACTION_NAMES[kind];
}

/** What a proxy does with a request, by the table of one of its ports. */
export function decideByTable(
  table: CompiledTable,
  request: MeshRequest,
  choose: Choose,
): Decision {
  const path = table.normalize(request.path);
  if (path === undefined) return refusePath(request.path);
  // RBAC stands before the router, so it refuses what has no route as well.
  const incoming = readIncoming(request, path);
  const refusal = table.guard?.(incoming.request);
  if (refusal !== undefined) return { kind: "denied", status: 403, policy: refusal.policy };
  const host = table.findHost(request.authority);
  if (host === undefined) return noRoute(`No host "${request.authority}" is served`);
  if (host.requireTls && request.scheme !== "https") return redirectToTls(incoming);
  for (const { conditions, decide } of host.routes) {
    if (matches(conditions, incoming)) return decide(incoming, choose);
  }
  return noRoute(`No route of the host "${host.name}" matches`);
}

function matches(conditions: readonly Condition[], incoming: Incoming): boolean {
  for (const condition of conditions) if (!condition.test(incoming)) return false;
  return true;
}

/** Envoy's codec, or its normalisation, does not take the path. */
function refusePath(path: string): Decision {
  const reason = `Envoy takes no path such as ${JSON.stringify(path)}`;
  return { kind: "none", status: 400, reason, flag: "-", limits: undefined };
}

/** 404 with the flag NR, as Envoy answers what no route takes; the reason is for people. */
export function noRoute(reason: string): Decision {
  return { kind: "none", status: 404, reason, flag: "NR", limits: undefined };
}

/** Envoy: VirtualHost.require_tls; the path, the query and the host stay. */
function redirectToTls({ request, path, query }: Incoming): Decision {
  return {
    kind: "redirect",
    route: { route: "require-tls", index: 0 },
    status: 301,
    location: `https://${request.authority}${path}${query}`,
    response: NO_OPS,
    limits: undefined,
  };
}
