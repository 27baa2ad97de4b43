import type { Finding } from "./finding.ts";
import type { NetworkPolicy } from "./kinds.ts";
import { GATEWAY_POD, hasPort, listPods, type Pod, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/** Nothing is open that is not asked for, and every exception is about pods and ports that exist. */
export function checkNetworkPolicies(tree: Tree): Finding[] {
  const pods = [...listPods(tree), GATEWAY_POD];
  const denied = tree.networkPolicies.some(isDefaultDeny)
    ? []
    : [
        {
          check: "default-deny",
          resource: "Namespace",
          message: "no policy denies everything by default",
        },
      ];
  return [
    ...denied,
    ...tree.networkPolicies.flatMap((policy) =>
      listFaults(policy, pods).map((message) => ({
        check: "policy-selects-pods",
        resource: `NetworkPolicy/${policy.metadata.name}`,
        message,
      })),
    ),
  ];
}

function isDefaultDeny({ spec }: NetworkPolicy): boolean {
  const everything = Object.keys(spec.podSelector.matchLabels).length === 0;
  const both = spec.policyTypes.includes("Ingress") && spec.policyTypes.includes("Egress");
  return everything && both && spec.ingress.length === 0 && spec.egress.length === 0;
}

function listFaults({ spec }: NetworkPolicy, pods: readonly Pod[]): string[] {
  const subjects = selectPods(pods, spec.podSelector.matchLabels);
  if (subjects.length === 0) return ["selects no pod"];
  const rules = [
    ...spec.ingress.map(({ from, ports }) => ({ peers: from, ports, listeners: subjects })),
    ...spec.egress.map(({ to, ports }) => ({ peers: to, ports, listeners: undefined })),
  ];
  return rules.flatMap(({ peers, ports, listeners }) => {
    // Pods of other namespaces are not in this tree.
    const near = peers.filter((peer) => peer.namespaceSelector === undefined);
    const chosen = near.map((peer) => selectPods(pods, peer.podSelector?.matchLabels ?? {}));
    const strangers = chosen.some((one) => one.length === 0) ? ["a peer selects no pod"] : [];
    const heard = listeners ?? chosen.flat();
    const deaf = ports
      .flatMap(({ port }) => (port === undefined || heard.length === 0 ? [] : [port]))
      .filter((port) => !heard.some((pod) => hasPort(pod, port)));
    return [
      ...strangers,
      ...deaf.map((port) => `port "${port}" is no port of the pods that listen`),
    ];
  });
}
