import type { Finding } from "./finding.ts";
import type { HttpRoute, VirtualService } from "./mesh-kinds.ts";
import { GATEWAY_POD, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/**
 * Gateways have pods, every request has a route, and /metrics is hidden. That routes go to what exists is the lint's
 * to say, which knows no pods of the gateway chart.
 */
export function checkRouting(tree: Tree): Finding[] {
  return [...checkGateways(tree), ...tree.virtualServices.flatMap(checkVirtualService)];
}

function checkGateways(tree: Tree): Finding[] {
  return tree.gateways
    .filter(({ spec }) => selectPods([GATEWAY_POD], spec.selector).length === 0)
    .map(({ metadata }) => ({
      check: "gateway-selects-pods",
      resource: `Gateway/${metadata.name}`,
      message: "selects no pod of the gateway chart",
    }));
}

function checkVirtualService({ metadata, spec }: VirtualService): Finding[] {
  const resource = `VirtualService/${metadata.name}`;
  const last = spec.http.at(-1);
  const isOpen = last === undefined || last.match.length > 0;
  const isHidden = spec.gateways.includes("mesh") || hidesMetrics(spec.http);
  return [
    ...(isOpen
      ? [{ check: "route-exists", resource, message: "no route takes what no other took" }]
      : []),
    ...(isHidden
      ? []
      : [{ check: "metrics-hidden", resource, message: "/metrics is reachable from outside" }]),
  ];
}

/** The first route answers /metrics itself, before any route that could send it on. */
function hidesMetrics([first]: readonly HttpRoute[]): boolean {
  return (
    first?.directResponse?.status === 404 &&
    first.match.some(({ uri }) => uri?.["prefix"] === "/metrics")
  );
}
