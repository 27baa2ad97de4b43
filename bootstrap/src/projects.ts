import {
  type AppProject,
  ARGO_CD_NAMESPACE,
  buildAppProject,
  type GroupKind,
  INSTALLATION,
} from "@hookline/argo-cd-manifests";
import { CHARTS, GATEWAY } from "./charts.ts";

const core = (kind: string): GroupKind => ({ group: "", kind });
const kinds = (group: string, ...names: string[]): GroupKind[] =>
  names.map((kind) => ({ group, kind }));

/** What the charts of the platform, and Argo CD itself, write beside namespaces. */
const PLATFORM_CLUSTER_KINDS: readonly GroupKind[] = [
  core("Namespace"),
  ...kinds("apiextensions.k8s.io", "CustomResourceDefinition"),
  ...kinds("rbac.authorization.k8s.io", "ClusterRole", "ClusterRoleBinding"),
  ...kinds(
    "admissionregistration.k8s.io",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
  ),
];

/** The kinds of the overlays and of the gateway beside each, and sealed secrets; a test keeps the list no longer than that. */
const OVERLAY_KINDS: readonly GroupKind[] = [
  core("ConfigMap"),
  core("Service"),
  core("ServiceAccount"),
  ...kinds("apps", "Deployment"),
  ...kinds("autoscaling", "HorizontalPodAutoscaler"),
  ...kinds("bitnami.com", "SealedSecret"),
  ...kinds(
    "monitoring.coreos.com",
    "AlertmanagerConfig",
    "PodMonitor",
    "PrometheusRule",
    "ServiceMonitor",
  ),
  ...kinds(
    "networking.istio.io",
    "DestinationRule",
    "EnvoyFilter",
    "Gateway",
    "Sidecar",
    "VirtualService",
  ),
  ...kinds("networking.k8s.io", "NetworkPolicy"),
  ...kinds("policy", "PodDisruptionBudget"),
  ...kinds("rbac.authorization.k8s.io", "Role", "RoleBinding"),
  ...kinds("security.istio.io", "AuthorizationPolicy", "PeerAuthentication"),
  ...kinds("telemetry.istio.io", "Telemetry"),
];

/** The projects: who may read which repository (`mirror`: instead of those of the charts) and write where. */
export function declareProjects(repository: string, mirror?: string): AppProject[] {
  const from = (charts: readonly { readonly repository: string }[]) =>
    mirror === undefined ? charts.map((chart) => chart.repository) : [mirror];
  const platform = new Set(CHARTS.map(({ namespace }) => namespace));
  return [
    buildAppProject("default", {
      description: "Nothing: an application without a project of its own deploys nowhere",
      sourceRepos: [],
      namespaces: [],
      wave: -1,
    }),
    buildAppProject("platform", {
      description: "Argo CD itself and the charts that the overlays need",
      sourceRepos: [repository, ...new Set(from(CHARTS))],
      // kube-prometheus-stack puts the Services of its monitors of the cluster into kube-system.
      namespaces: [ARGO_CD_NAMESPACE, ...platform, "kube-system"],
      clusterKinds: PLATFORM_CLUSTER_KINDS,
      wave: -1,
    }),
    buildAppProject("hookline", {
      description: "The overlays, each in its own namespace, and the gateway beside each",
      sourceRepos: [repository, ...from([GATEWAY])],
      namespaces: ["hookline", "hookline-*"],
      clusterKinds: [{ ...core("Namespace"), name: "hookline*" }],
      namespaceKinds: OVERLAY_KINDS,
      wave: -1,
    }),
  ];
}

/** The project of the root, which bootstrap applies together with it. */
export function declareRootProject(repository: string): AppProject {
  return buildAppProject("root", {
    description: `Applications, and no other kind, in the namespace ${INSTALLATION.namespace}`,
    sourceRepos: [repository],
    namespaces: [ARGO_CD_NAMESPACE],
    namespaceKinds: kinds("argoproj.io", "Application", "ApplicationSet", "AppProject"),
  });
}
