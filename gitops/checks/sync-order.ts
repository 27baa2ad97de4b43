import type { Finding } from "./finding.ts";
import type { Resource } from "./kinds.ts";
import type { Tree } from "./tree.ts";

/**
 * Argo CD's order within a wave (`kindOrder` in its gitops-engine/pkg/sync/sync_tasks.go). Kinds
 * that it does not name, all of Istio's among them, come after these.
 */
const KINDS = [
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
];

/** The wave with which a resource is applied. */
export function waveOf({ metadata }: Resource): number {
  return Number(metadata.annotations["argocd.argoproj.io/sync-wave"] ?? 0);
}

/** When Argo CD applies a resource: first by wave, then by kind. Lower is earlier. */
function orderOf(resource: Resource): readonly [wave: number, kind: number] {
  const known = KINDS.indexOf(resource.kind);
  return [waveOf(resource), known === -1 ? KINDS.length : known];
}

/** The resources in the order in which Argo CD applies them. */
export function sortForSync<One extends Resource>(resources: readonly One[]): One[] {
  return [...resources].sort((left, right) => {
    const [leftWave, leftKind] = orderOf(left);
    const [rightWave, rightKind] = orderOf(right);
    return (
      leftWave - rightWave ||
      leftKind - rightKind ||
      left.metadata.name.localeCompare(right.metadata.name)
    );
  });
}

/** What has to be there before what. A wave also waits until the one before is healthy. */
const BEFORE: readonly (readonly [first: string, then: string, why: string])[] = [
  ["Namespace", "*", "everything lives in it"],
  ["ConfigMap", "Deployment", "a pod does not start without its configuration"],
  ["ServiceAccount", "Deployment", "a pod does not start without its account"],
  ["NetworkPolicy", "Deployment", "a pod is never without its fence"],
  ["PeerAuthentication", "Deployment", "a pod never takes plain text"],
  ["AuthorizationPolicy", "Deployment", "a pod never takes what it is not to take"],
  ["DestinationRule", "VirtualService", "a route to an unknown subset answers 503"],
  ["Deployment/app-v2", "VirtualService/app", "a share of the visitors goes to it"],
  [
    "VirtualService/model-service",
    "Deployment/model-service-v2",
    "without the route the shadow answers live requests",
  ],
  ["Deployment/ratelimit", "EnvoyFilter/ratelimit", "the gateway asks it"],
  ["VirtualService", "HorizontalPodAutoscaler", "no wave comes after one that is degraded"],
];

/** Nothing is applied before what it needs. */
export function checkSyncOrder(tree: Tree): Finding[] {
  return BEFORE.flatMap(([first, then, why]) => {
    const early = tree.resources.filter((one) => isNamed(one, first));
    const late = tree.resources.filter((one) => isNamed(one, then) && !early.includes(one));
    return early.flatMap((needed) =>
      late
        .filter((one) => !isBefore(needed, one))
        .map((one) => ({
          check: "sync-order",
          resource: `${one.kind}/${one.metadata.name}`,
          message: `is applied before ${needed.kind}/${needed.metadata.name}, but ${why}`,
        })),
    );
  });
}

function isNamed({ kind, metadata }: Resource, pattern: string): boolean {
  return pattern === "*" || pattern === kind || pattern === `${kind}/${metadata.name}`;
}

/** Kinds that Argo CD cannot tell to be ready need a wave between, or a smaller kind number. */
function isBefore(first: Resource, then: Resource): boolean {
  const [firstWave, firstKind] = orderOf(first);
  const [thenWave, thenKind] = orderOf(then);
  return firstWave < thenWave || (firstWave === thenWave && firstKind < thenKind);
}
