import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** Labels of a namespace that the API server and Istio act on. */
const GUARDS: Readonly<Record<string, string>> = {
  "istio-injection": "enabled",
  "pod-security.kubernetes.io/enforce": "restricted",
};

/** A namespace of ours refuses pods that may do more, and takes no plain text between its pods. */
export function checkNamespaces(tree: Tree): Finding[] {
  const namespaces = tree.resources.filter(({ kind }) => kind === "Namespace");
  if (namespaces.length === 0) return [];
  const open = namespaces.flatMap(({ metadata }) =>
    Object.entries(GUARDS)
      .filter(([label, value]) => metadata.labels[label] !== value)
      .map(([label, value]) => ({
        check: "namespace-guarded",
        resource: `Namespace/${metadata.name}`,
        message: `has no label ${label}: ${value}`,
      })),
  );
  const everywhere = tree.peerAuthentications.some(({ spec }) => spec.selector === undefined);
  const plain = tree.peerAuthentications
    .filter(({ spec }) => spec.mtls?.mode !== "STRICT")
    .map(({ metadata }) => ({
      check: "mutual-tls",
      resource: `PeerAuthentication/${metadata.name}`,
      message: "takes plain text, wished: STRICT",
    }));
  const none = namespaces
    .filter(() => !everywhere)
    .map(({ metadata }) => ({
      check: "mutual-tls",
      resource: `Namespace/${metadata.name}`,
      message: "has no PeerAuthentication for all of its pods",
    }));
  return [...open, ...plain, ...none];
}
