import type { Finding } from "./finding.ts";
import { isSelected } from "./finding.ts";
import { listPods, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/**
 * No pod belongs to two Deployments (the original's stable and canary shared one selector and
 * fought over each other's pods), and budgets and autoscalers have something to act on.
 */
export function checkSelectors(tree: Tree): Finding[] {
  return [
    ...checkOwners(tree),
    ...checkLasting(tree),
    ...checkBudgets(tree),
    ...checkAutoscalers(tree),
  ];
}

const LASTING = ["app.kubernetes.io/name", "app.kubernetes.io/version"];

/** A Deployment's selector cannot be changed: it names nothing that common labels may change. */
function checkLasting({ deployments }: Tree): Finding[] {
  return deployments.flatMap(({ metadata, spec }) =>
    Object.keys(spec.selector.matchLabels)
      .filter((label) => !LASTING.includes(label))
      .map((label) => ({
        check: "selectors-lasting",
        resource: `Deployment/${metadata.name}`,
        message: `its selector has "${label}", wished: name and version only`,
      })),
  );
}

function checkOwners(tree: Tree): Finding[] {
  return tree.deployments.flatMap(({ metadata, spec }) => {
    const owners = tree.deployments.filter((other) =>
      isSelected(spec.template.metadata.labels, other.spec.selector.matchLabels),
    );
    const names = owners.map((owner) => owner.metadata.name);
    return names.length === 1 && names[0] === metadata.name
      ? []
      : [
          {
            check: "selectors-disjoint",
            resource: `Deployment/${metadata.name}`,
            message: `its pods are selected by [${names.join(", ")}], wished: by itself only`,
          },
        ];
  });
}

function checkBudgets(tree: Tree): Finding[] {
  const pods = listPods(tree);
  return tree.podDisruptionBudgets
    .filter(({ spec }) => selectPods(pods, spec.selector.matchLabels).length !== 1)
    .map(({ metadata }) => ({
      check: "budget-selects-pods",
      resource: `PodDisruptionBudget/${metadata.name}`,
      message: "does not select the pods of exactly one Deployment",
    }));
}

function checkAutoscalers(tree: Tree): Finding[] {
  return tree.horizontalPodAutoscalers.flatMap(({ metadata, spec }): Finding[] => {
    const resource = `HorizontalPodAutoscaler/${metadata.name}`;
    const target = tree.deployments.find((one) => one.metadata.name === spec.scaleTargetRef.name);
    if (target === undefined) {
      return [
        {
          check: "autoscaler-target",
          resource,
          message: "scales a Deployment that does not exist",
        },
      ];
    }
    const containers = target.spec.template.spec.containers.map((one) => one.name);
    const unknown = spec.metrics.flatMap(({ containerResource }) =>
      containerResource === undefined || containers.includes(containerResource.container)
        ? []
        : [`measures container "${containerResource.container}", which the pod does not have`],
    );
    const owned =
      target.spec.replicas === undefined ? [] : ["Git sets the replicas that it should own"];
    return [...unknown, ...owned].map((message) => ({
      check: "autoscaler-target",
      resource,
      message,
    }));
  });
}
