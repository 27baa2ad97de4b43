import { chain } from "../table/header-ops.ts";
import type { Cluster, Fault, ForwardAction, Route } from "../table/route-table.ts";
import type { Decision, Forward, LimitCall, Mirror } from "../types.ts";
import type { Choose } from "./chooser.ts";
import type { Incoming } from "./incoming.ts";
import { buildLocation, compileRewrite } from "./rewrites.ts";

export interface Draws {
  readonly choose: Choose;
  readonly limits: LimitCall | undefined;
}

export type Decide = (incoming: Incoming, draws: Draws) => Decision;

/** What a matched route does. */
export function compileAction(route: Route): Decide {
  const { action, ref, response } = route;
  switch (action.kind) {
    case "forward":
      return compileForward(route, action);
    case "redirect": {
      const { status } = action;
      return (incoming) => ({
        kind: "redirect",
        route: ref,
        status,
        location: buildLocation(action, incoming),
        response,
        limits: undefined,
      });
    }
    case "direct": {
      const { status, body } = action;
      return () => ({ kind: "direct", route: ref, status, body, response, limits: undefined });
    }
  }
}

function compileForward(route: Route, action: ForwardAction): Decide {
  const { clusters, mirrors } = action;
  const weights = clusters.map(({ weight }) => weight);
  const targets = clusters.map((cluster) => compileCluster(route, action, cluster));
  const shadows = mirrors.flatMap(({ destination, percent }) =>
    destination === undefined ? [] : [{ destination, percent }],
  );
  return (incoming, draws) => {
    const target = targets[targets.length === 1 ? 0 : draws.choose(weights)];
    if (target === undefined) throw new RangeError("A forward has no destination");
    return target(incoming, draws, drawMirrors(shadows, draws.choose));
  };
}

function drawMirrors(mirrors: readonly Mirror[], choose: Choose): readonly Mirror[] {
  if (mirrors.length === 0) return mirrors;
  return mirrors.filter(({ percent }) => happens(percent, choose));
}

function happens(percent: number, choose: Choose): boolean {
  if (percent >= 100) return true;
  return percent > 0 && choose([percent, 100 - percent]) === 0;
}

type Target = (incoming: Incoming, draws: Draws, mirrors: readonly Mirror[]) => Decision;

function compileCluster(route: Route, action: ForwardAction, cluster: Cluster): Target {
  const { name, destination } = cluster;
  if (destination === undefined) {
    const reason = `Nothing is known of the cluster "${name}"`;
    return (_, { limits }) => ({ kind: "none", status: 503, reason, flag: "NC", limits });
  }
  // Envoy applies the weighted destination's operations first, then the route's.
  const fixed = {
    kind: "forward",
    route: route.ref,
    destination,
    request: chain(cluster.request, route.request),
    response: chain(cluster.response, route.response),
    timeoutMs: action.timeoutMs,
    retries: action.retries,
  } as const;
  const rewrite = compileRewrite(action.rewrite, route.match);
  // The route's rewrite is applied last and wins (RouteEntryImplBase::finalizeRequestHeaders).
  const authority = action.authority ?? cluster.authority;
  return (incoming, { choose, limits }, mirrors): Forward => {
    const path = rewrite?.(incoming);
    return {
      ...fixed,
      mirrors,
      rewrite: buildRewrite(path, authority),
      fault: route.fault === undefined ? undefined : drawFault(route.fault, choose),
      limits,
    };
  };
}

function buildRewrite(path: string | undefined, authority: string | undefined): Forward["rewrite"] {
  if (path === undefined && authority === undefined) return undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(authority === undefined ? {} : { authority }),
  };
}

/** Envoy's fault filter draws for the delay, then for the abort. */
function drawFault({ delay, abort }: Fault, choose: Choose): Forward["fault"] {
  const delayed = delay !== undefined && happens(delay.percent, choose);
  const aborted = abort !== undefined && happens(abort.percent, choose);
  if (!delayed && !aborted) return undefined;
  return {
    ...(delayed ? { delayMs: delay.ms } : {}),
    ...(aborted ? { abortStatus: abort.status } : {}),
  };
}
