import type { ExplainedRoute, Explanation, MeshRequest } from "../types.ts";
import { enumerate } from "./chooser.ts";
import type { Condition } from "./conditions.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import { type CompiledRoute, type CompiledTable, decideByTable } from "./router.ts";

/** The decision of the same table with its reasons. */
export function explainByTable(table: CompiledTable, request: MeshRequest): Explanation {
  const outcomes = enumerate((choose) => decideByTable(table, request, choose)).map(
    ({ percent, outcome }) => ({ percent, decision: outcome }),
  );
  const notes = [...table.notes];
  const path = table.normalize(request.path);
  const host = table.findHost(request.authority);
  if (path === undefined || host === undefined) return { notes, routes: [], outcomes };
  if (path !== request.path) notes.push(`the path ${request.path} is taken for ${path}`);
  notes.push(`the host ${request.authority} is served by "${host.name}"`);
  const incoming = readIncoming(request, path);
  const redirected = host.requireTls && request.scheme !== "https";
  if (redirected) notes.push("the server asks for TLS before it looks at routes");
  return { notes, routes: redirected ? [] : explainRoutes(host.routes, incoming), outcomes };
}

/** Up to the one that matches. Matches of one route of a VirtualService are told together. */
function explainRoutes(routes: readonly CompiledRoute[], incoming: Incoming): ExplainedRoute[] {
  const explained: (ExplainedRoute & { reasons: string[] })[] = [];
  for (const { route, conditions } of routes) {
    const missed = conditions.filter((one) => !one.test(incoming));
    if (missed.length === 0) {
      explained.push({ route: route.ref, matched: true, reasons: [tellMatch(conditions)] });
      return explained;
    }
    const reason = missed.map((one) => `${one.wish} (${one.found(incoming)})`).join(" and ");
    const last = explained.at(-1);
    const same =
      last?.route.virtualService === route.ref.virtualService &&
      last?.route.index === route.ref.index &&
      last.route.route === route.ref.route;
    if (last !== undefined && same) last.reasons.push(reason);
    else explained.push({ route: route.ref, matched: false, reasons: [reason] });
  }
  return explained;
}

function tellMatch(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return "takes every request";
  return conditions.map(({ wish }) => wish).join(" and ");
}
