import type { Finding } from "./finding.ts";
import { isSelected } from "./finding.ts";
import type { Deployment } from "./kinds.ts";
import type { Tree } from "./tree.ts";

/**
 * No request is lost and no feature is away because pods come and go: pods of one Deployment are
 * on several nodes, a drain takes one at a time, and who is behind Envoy ends after Envoy knows.
 */
export function checkLifecycles(tree: Tree): Finding[] {
  return tree.deployments.flatMap((deployment) => {
    const faults = [
      ...(isMany(deployment) ? listCrowdFaults(deployment, tree) : []),
      ...(isBehindEnvoy(deployment, tree) ? listEndFaults(deployment) : []),
    ];
    return faults.map(([check, message]) => ({
      check,
      resource: `Deployment/${deployment.metadata.name}`,
      message,
    }));
  });
}

type Fault = readonly [check: string, message: string];

/** More than one pod, or as many as an autoscaler wants. */
function isMany({ spec }: Deployment): boolean {
  return spec.replicas !== 1;
}

function listCrowdFaults({ spec }: Deployment, tree: Tree): Fault[] {
  const { labels } = spec.template.metadata;
  const own = Object.entries(spec.selector.matchLabels).sort().join();
  const spread = spec.template.spec.topologySpreadConstraints.some(
    ({ labelSelector }) => Object.entries(labelSelector.matchLabels).sort().join() === own,
  );
  const kept = tree.podDisruptionBudgets.some((one) =>
    isSelected(labels, one.spec.selector.matchLabels),
  );
  const unavailable = spec.strategy.rollingUpdate?.maxUnavailable;
  return [
    ...(spread ? [] : [["pods-spread", "its pods may all be on one node"] as const]),
    ...(kept ? [] : [["budget-exists", "a drain may take all of its pods at once"] as const]),
    ...(unavailable === 0
      ? []
      : [["rolls-without-gap", "a release takes a pod before another is ready"] as const]),
  ];
}

const OUR_SERVICE_PORTS = ["http", "grpc"];

/** Whether it serves requests in a namespace with sidecars, and has not asked for none. */
function isBehindEnvoy({ spec }: Deployment, { resources }: Tree): boolean {
  const injected = resources.some(
    ({ kind, metadata }) =>
      kind === "Namespace" && metadata.labels["istio-injection"] === "enabled",
  );
  const { metadata, spec: pod } = spec.template;
  const serves = pod.containers.some(({ ports }) =>
    ports.some(({ name }) => name !== undefined && OUR_SERVICE_PORTS.includes(name)),
  );
  return injected && serves && metadata.labels["sidecar.istio.io/inject"] !== "false";
}

/** The program that stops at once, or is killed before it could end by itself. */
function listEndFaults({ spec }: Deployment): Fault[] {
  const { containers, terminationGracePeriodSeconds } = spec.template.spec;
  return containers.flatMap(({ name, lifecycle }): Fault[] => {
    const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
    if (pause <= 0) return [["ends-gracefully", `"${name}" ends while Envoy still sends to it`]];
    return terminationGracePeriodSeconds > 2 * pause
      ? []
      : [["ends-gracefully", `"${name}" has no time left after its pause of ${pause} s`]];
  });
}
