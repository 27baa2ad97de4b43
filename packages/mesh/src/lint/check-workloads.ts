import { selects } from "../visibility.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LintTree } from "./read-tree.ts";

/** Services and selectors against the pods that are there. */
export function checkWorkloads(tree: LintTree): readonly LintMessage[] {
  return [
    ...checkDuplicates(tree),
    ...checkServices(tree),
    ...checkSidecars(tree),
    ...checkSelectors(tree),
  ];
}

function checkDuplicates({ resources }: LintTree): readonly LintMessage[] {
  const seen = new Set<string>();
  return resources.flatMap(({ apiVersion, kind, metadata }) => {
    const { name, namespace = "" } = readNames(metadata);
    const group = String(apiVersion).includes("/") ? String(apiVersion).split("/")[0] : "";
    const key = JSON.stringify([group, kind, namespace, name]);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const id = [kind, namespace, name].filter((part) => part !== "").join("/");
    return [buildMessage("HKL0002", id, undefined, "The resource is there twice")];
  });
}

function readNames(metadata: unknown): { readonly name?: unknown; readonly namespace?: unknown } {
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}

/** https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
const PROTOCOLS = /^(grpc|grpc-web|http|http2|https|mongo|mysql|redis|tcp|tls|udp)(-.*)?$/;

function checkServices({ services, workloads }: LintTree): readonly LintMessage[] {
  return services.flatMap(({ name, namespace, fqdn, ports, selector }) => {
    // Hosts of a ServiceEntry have no name of their own, and Services without a selector no pods.
    if (fqdn === name || Object.keys(selector).length === 0) return [];
    const id = `Service/${namespace}/${name}`;
    const pods = workloads.filter(
      (one) => one.namespace === namespace && selects(selector, one.labels),
    );
    if (pods.length === 0)
      return [buildMessage("HKL0103", id, "spec.selector", "The Service selects no workload")];
    return ports.flatMap((port, index) => {
      const field = `spec.ports[${index}]`;
      const { targetPort: wished } = port;
      const found = pods.some((pod) =>
        pod.ports.some((one) =>
          typeof wished === "number" ? one.port === wished : one.name === wished,
        ),
      );
      const text = `No pod of ${pods.map((pod) => pod.name).join(", ")} has the port ${wished}`;
      // "metrics" is Prometheus' own name for it, and Prometheus asks from outside the mesh.
      const named = PROTOCOLS.test(port.name ?? "tcp") || port.name === "metrics";
      const protocol = `Port name ${port.name} (port: ${port.port}) doesn't follow the naming convention of Istio port`;
      return [
        ...(found ? [] : [buildMessage("HKL0102", id, `${field}.targetPort`, text)]),
        ...(named ? [] : [buildMessage("IST0118", id, `${field}.name`, protocol)]),
      ];
    });
  });
}

/** Two Sidecars of a namespace for all of its workloads. */
function checkSidecars({ sidecars }: LintTree): readonly LintMessage[] {
  const everyone = sidecars.filter(({ spec }) => isEmpty(spec.workloadSelector?.labels));
  return everyone
    .filter(
      (one, index) => everyone.findIndex((other) => other.namespace === one.namespace) < index,
    )
    .map(({ id, namespace }) => {
      const text = `A second Sidecar in namespace "${namespace}" has no workload selector`;
      return buildMessage("IST0111", id, undefined, text);
    });
}

function checkSelectors({
  sidecars,
  policies,
  workloads,
  gateways,
}: LintTree): readonly LintMessage[] {
  const selecting = [
    ...sidecars.map((one) => ({
      ...one,
      labels: one.spec.workloadSelector?.labels,
      field: "spec.workloadSelector",
    })),
    ...policies.map((one) => ({
      ...one,
      labels: one.spec.selector?.matchLabels,
      field: "spec.selector",
    })),
  ];
  return selecting.flatMap(({ id, namespace, labels = {}, field }) => {
    if (isEmpty(labels)) return [];
    // The pods of a gateway come from its chart: its selector stands for them.
    const found =
      workloads.some((one) => one.namespace === namespace && selects(labels, one.labels)) ||
      gateways.some(({ spec }) => selects(labels, spec.selector));
    const shown = Object.entries(labels).map((pair) => pair.join("="));
    const text = `No matching workloads for this resource with the following labels: ${shown.join(",")}`;
    return found ? [] : [buildMessage("IST0127", id, field, text)];
  });
}

function isEmpty(labels: Readonly<Record<string, string>> | undefined): boolean {
  return Object.keys(labels ?? {}).length === 0;
}
