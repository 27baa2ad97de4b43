import { stripPort } from "../host.ts";
import type { LimitRequest } from "../limits/index.ts";
import { PASSTHROUGH } from "../table/clusters.ts";
import { chain } from "../table/header-ops.ts";
import type { Cluster, Fault, ForwardAction, Route } from "../table/route-table.ts";
import type { Decision, Destination, Forward, MeshRequest, Mirror } from "../types.ts";
import type { Choose } from "./chooser.ts";
import { compileCors } from "./cors.ts";
import { type Guards, rewriteRequest } from "./guards.ts";
import type { Incoming } from "./incoming.ts";
import { buildLocation, compileRewrite } from "./rewrites.ts";

/** What a matched route decides about a request. */
export type Decide = (incoming: Incoming, choose: Choose) => Decision;

/** What bears on a route besides its action. */
export interface ActionOptions {
  readonly limit: LimitRequest | undefined;
  readonly guards: Guards;
}

/** What a matched route does. */
export function compileAction(route: Route, { limit, guards }: ActionOptions): Decide {
  const { action, ref, response } = route;
  switch (action.kind) {
    case "forward":
      return compileForward({ route, action, limit, guards });
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

interface ForwardParts extends ActionOptions {
  readonly route: Route;
  readonly action: ForwardAction;
}

function compileForward(parts: ForwardParts): Decide {
  const { clusters, mirrors } = parts.action;
  const weights = clusters.map(({ weight }) => weight);
  const targets = clusters.map((cluster) => compileCluster(parts, cluster));
  const shadows = mirrors.flatMap(({ destination, percent }) =>
    destination === undefined ? [] : [{ destination, percent }],
  );
  const cors = compileCors(parts.route.cors, parts.route.ref);
  return (incoming, choose) => {
    const answer = cors?.preflight(incoming.request);
    if (answer !== undefined) return answer;
    const target = targets[targets.length === 1 ? 0 : choose(weights)];
    if (target === undefined) throw new RangeError("A forward has no destination");
    const decision = target(incoming, choose, drawMirrors(shadows, choose));
    if (decision.kind !== "forward") return decision;
    const policy = cors?.policy(incoming.request);
    return policy ? { ...decision, cors: policy } : decision;
  };
}

function drawMirrors(mirrors: readonly Mirror[], choose: Choose): readonly Mirror[] {
  return mirrors.filter(({ percent }) => happens(percent, choose));
}

function happens(percent: number, choose: Choose): boolean {
  if (percent >= 100) return true;
  return percent > 0 && choose([percent, 100 - percent]) === 0;
}

type Target = (incoming: Incoming, choose: Choose, mirrors: readonly Mirror[]) => Decision;

function compileCluster({ route, action, limit, guards }: ForwardParts, cluster: Cluster): Target {
  const { name, destination } = cluster;
  const ask = (incoming: Incoming) => limit?.(incoming.request, name);
  if (destination === undefined && name !== PASSTHROUGH) {
    const reason = `Nothing is known of the cluster "${name}"`;
    return (incoming) => ({ kind: "none", status: 503, reason, flag: "NC", limits: ask(incoming) });
  }
  // Envoy applies the weighted destination's operations first, then the route's.
  const fixed = {
    kind: "forward",
    route: route.ref,
    request: chain(cluster.request, route.request),
    response: chain(cluster.response, route.response),
    timeoutMs: action.timeoutMs,
    retries: action.retries,
  } as const;
  const rewrite = compileRewrite(action.rewrite, route.match);
  // The route's rewrite is applied last and wins (RouteEntryImplBase::finalizeRequestHeaders).
  const authority = action.authority ?? cluster.authority;
  const guard = destination && guards.behind(destination);
  return (incoming, choose, mirrors) => {
    const path = rewrite?.(incoming) ?? incoming.changed;
    if (guard !== undefined) {
      const { request } = incoming;
      const target = { path: path ?? request.path, authority: authority ?? request.authority };
      const headers = fixed.request;
      const refusal = guard(rewriteRequest(request, { ...target, headers }), choose);
      if (refusal !== undefined) return { kind: "denied", status: 403, policy: refusal.policy };
    }
    return {
      ...fixed,
      destination: destination ?? passOn(incoming.request),
      mirrors,
      rewrite: buildRewrite({
        path,
        originalPath: rewrite === undefined ? undefined : incoming.request.path,
        authority,
      }),
      fault: route.fault === undefined ? undefined : drawFault(route.fault, choose),
      limits: ask(incoming),
    };
  };
}

/** Wherever the caller's connection was going. */
function passOn({ authority, port = 80 }: MeshRequest): Destination {
  const fqdn = stripPort(authority).toLowerCase();
  return { fqdn, port, subset: undefined, labels: {}, namespace: "" };
}

function buildRewrite({
  path,
  originalPath,
  authority,
}: Readonly<
  Record<"authority" | "originalPath" | "path", string | undefined>
>): Forward["rewrite"] {
  if (path === undefined && authority === undefined) return undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(originalPath === undefined ? {} : { originalPath }),
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
