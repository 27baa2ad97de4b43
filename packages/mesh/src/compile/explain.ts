import type { ExplainedRoute, Explanation, MeshRequest } from "../types.ts";
import { enumerate } from "./chooser.ts";
import type { Condition } from "./conditions.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import { type CompiledRoute, type CompiledTable, decideByTable, type LimitsOf } from "./router.ts";

/** The decision of the same table with its reasons. */
export function explainByTable(
  table: CompiledTable,
  request: MeshRequest,
  limitsOf: LimitsOf,
): Explanation {
  const host = table.findHost(request.authority);
  const incoming = readIncoming(request);
  const outcomes = enumerate((choose) => decideByTable(table, request, { choose, limitsOf }));
  const looked = host === undefined ? [] : explainRoutes(host.routes, incoming);
  const notes = host === undefined ? [] : [`host ${request.authority} is served by "${host.name}"`];
  return {
    notes: [...table.notes, ...notes],
    routes: looked,
    outcomes: outcomes.map(({ percent, outcome }) => ({ percent, decision: outcome })),
  };
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
