import type { Finding } from "./finding.ts";
import type { HttpRoute, VirtualService } from "./mesh-kinds.ts";
import { GATEWAY_POD, listPods, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/** Gateways have pods, subsets have pods, and routes go to hosts, subsets and ports that exist. */
export function checkRouting(tree: Tree): Finding[] {
  return [
    ...checkGateways(tree),
    ...checkSubsets(tree),
    ...tree.virtualServices.flatMap((one) => checkVirtualService(tree, one)),
  ];
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

function checkSubsets(tree: Tree): Finding[] {
  const pods = listPods(tree);
  return tree.destinationRules.flatMap(({ metadata, spec }) => {
    const resource = `DestinationRule/${metadata.name}`;
    const service = tree.services.find((one) => one.metadata.name === spec.host);
    if (service === undefined) {
      return [{ check: "route-exists", resource, message: `host "${spec.host}" is no Service` }];
    }
    // A subset narrows the endpoints of its Service.
    const endpoints = selectPods(pods, service.spec.selector);
    return spec.subsets
      .filter(({ labels }) => selectPods(endpoints, labels).length === 0)
      .map(({ name }) => ({
        check: "subset-selects-pods",
        resource,
        message: `subset "${name}" selects no pod`,
      }));
  });
}

function checkVirtualService(tree: Tree, { metadata, spec }: VirtualService): Finding[] {
  const resource = `VirtualService/${metadata.name}`;
  const gateways = new Set(["mesh", ...tree.gateways.map((one) => one.metadata.name)]);
  const unknown = spec.gateways
    .filter((gateway) => !gateways.has(gateway))
    .map((gateway) => `gateway "${gateway}" does not exist`);
  const messages = [...unknown, ...spec.http.flatMap((route) => checkRoute(tree, route))];
  const last = spec.http.at(-1);
  const open =
    last === undefined || last.match.length > 0 ? ["no route takes what no other took"] : [];
  const hidden = spec.gateways.includes("mesh") || hidesMetrics(spec.http);
  return [
    ...[...messages, ...open].map((message) => ({ check: "route-exists", resource, message })),
    ...(hidden
      ? []
      : [{ check: "metrics-hidden", resource, message: "/metrics is reachable from outside" }]),
  ];
}

function checkRoute(
  tree: Tree,
  { name, route, mirror, mirrors, directResponse }: HttpRoute,
): string[] {
  const destinations = [
    ...route.map((one) => one.destination),
    ...mirrors.map((one) => one.destination),
    ...(mirror === undefined ? [] : [mirror]),
  ];
  const sum = route.reduce((total, { weight }) => total + (weight ?? 100), 0);
  const weights =
    directResponse === undefined && sum !== 100 ? [`weights of "${name}" sum to ${sum}`] : [];
  return [
    ...weights,
    ...destinations.flatMap(({ host, subset, port }) => {
      const service = tree.services.find((one) => one.metadata.name === host);
      if (service === undefined) return [`"${name}" goes to "${host}", which is no Service`];
      const subsets = tree.destinationRules
        .filter((one) => one.spec.host === host)
        .flatMap((one) => one.spec.subsets.map(({ name }) => name));
      const ports = service.spec.ports.map((one) => one.port);
      return [
        ...(subset === undefined || subsets.includes(subset)
          ? []
          : [`"${name}" goes to subset "${subset}" of "${host}", which does not exist`]),
        ...(port === undefined || ports.includes(port.number)
          ? []
          : [`"${name}" goes to port ${port.number} of "${host}", which does not exist`]),
      ];
    }),
  ];
}

/** The first route answers /metrics itself, before any route that could send it on. */
function hidesMetrics([first]: readonly HttpRoute[]): boolean {
  return (
    first?.directResponse?.status === 404 &&
    first.match.some(({ uri }) => uri?.["prefix"] === "/metrics")
  );
}
