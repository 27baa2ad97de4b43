import type { Labels } from "./finding.ts";
import { isSelected } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** A kind of pod that the tree (or the gateway chart beside it) makes. */
export interface Pod {
  readonly owner: string;
  readonly labels: Labels;
  /** Container ports by name; those without a name are listed by their number. */
  readonly ports: ReadonlyMap<string, number>;
}

/**
 * The pods of the gateway chart, which the Application of an overlay installs beside it. Labels:
 * `gateway.selectorLabels` of the chart's _helpers.tpl for the release `istio-ingressgateway`.
 */
export const GATEWAY_POD: Pod = {
  owner: "Deployment/istio-ingressgateway",
  labels: { app: "istio-ingressgateway", istio: "ingressgateway" },
  ports: new Map([
    ["80", 80],
    ["15021", 15021],
    ["http-envoy-prom", 15090],
  ]),
};

/** The pods of the rendered Deployments. */
export function listPods(tree: Tree): Pod[] {
  return tree.deployments.map(({ metadata, spec }) => ({
    owner: `Deployment/${metadata.name}`,
    labels: spec.template.metadata.labels,
    ports: new Map(
      spec.template.spec.containers
        .flatMap((container) => container.ports)
        .map((port) => [port.name ?? String(port.containerPort), port.containerPort]),
    ),
  }));
}

/** Those of `pods` that the selector selects. */
export function selectPods(pods: readonly Pod[], selector: Labels): Pod[] {
  return pods.filter((pod) => isSelected(pod.labels, selector));
}

/** Whether a port, by name or number, is one of the pod's. */
export function hasPort(pod: Pod, port: string | number): boolean {
  return typeof port === "string" ? pod.ports.has(port) : [...pod.ports.values()].includes(port);
}
