import type { IgnoreDifferences, SyncOption } from "@hookline/argo-cd-manifests";

/** A third-party chart, pinned, and the wave in which it is installed. */
export interface Chart {
  /** The application, the release and the folder of the values in gitops/platform. */
  readonly name: string;
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
  readonly wave: number;
  readonly ignoreDifferences?: readonly IgnoreDifferences[];
  readonly syncOptions?: readonly SyncOption[];
}

const ISTIO = {
  repository: "https://istio-release.storage.googleapis.com/charts",
  version: "1.30.3",
} as const;

/**
 * istiod writes its own certificate into its webhooks, and sets the policy to Fail once it
 * answers: without the exception the applications are never in sync (istio#52785, argo-cd#25447).
 */
const WEBHOOKS: readonly IgnoreDifferences[] = [
  {
    group: "admissionregistration.k8s.io",
    kind: "ValidatingWebhookConfiguration",
    jqPathExpressions: [".webhooks[]?.clientConfig.caBundle", ".webhooks[]?.failurePolicy"],
  },
  {
    group: "admissionregistration.k8s.io",
    kind: "MutatingWebhookConfiguration",
    jqPathExpressions: [".webhooks[]?.clientConfig.caBundle"],
  },
];

/**
 * Grafana's password is drawn anew each time the chart is rendered. The first one stays: neither
 * it nor the sum over it that restarts the pod is compared.
 */
const DRAWN_PASSWORD: readonly IgnoreDifferences[] = [
  {
    kind: "Secret",
    name: "kube-prometheus-stack-grafana",
    jsonPointers: ["/data/admin-password"],
  },
  {
    group: "apps",
    kind: "Deployment",
    name: "kube-prometheus-stack-grafana",
    jqPathExpressions: ['.spec.template.metadata.annotations["checksum/secret"]'],
  },
];

const NAMESPACE: readonly SyncOption[] = ["CreateNamespace=true"];

/** In the order of their waves. */
export const CHARTS: readonly Chart[] = [
  {
    ...ISTIO,
    name: "istio-base",
    chart: "base",
    namespace: "istio-system",
    wave: 1,
    ignoreDifferences: WEBHOOKS,
    syncOptions: NAMESPACE,
  },
  { ...ISTIO, name: "istio-cni", chart: "cni", namespace: "istio-system", wave: 2 },
  {
    ...ISTIO,
    name: "istiod",
    chart: "istiod",
    namespace: "istio-system",
    wave: 3,
    ignoreDifferences: WEBHOOKS,
  },
  {
    name: "kube-prometheus-stack",
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "88.5.3",
    namespace: "monitoring",
    wave: 4,
    ignoreDifferences: DRAWN_PASSWORD,
    syncOptions: NAMESPACE,
  },
  {
    name: "sealed-secrets",
    chart: "sealed-secrets",
    repository: "https://bitnami-labs.github.io/sealed-secrets",
    version: "2.18.5",
    namespace: "sealed-secrets",
    // Its monitor needs the CRDs of the wave before.
    wave: 5,
    syncOptions: NAMESPACE,
  },
];

/** The gateway is not one of the platform: every overlay has its own, in its own namespace. */
export const GATEWAY = {
  ...ISTIO,
  chart: "gateway",
  // The chart makes the label istio=ingressgateway of it, which our Gateway selects.
  release: "istio-ingressgateway",
} as const;

/** One Helm repository with all charts, and Argo CD itself as one more, for a cluster without the internet. */
export interface ChartMirror {
  readonly url: string;
  /** The certificate in PEM that vouches for its address; undefined: a public one, or no TLS. */
  readonly authority?: string;
  /** The version of the chart that is Argo CD (chart-mirror.ts). */
  readonly installation: string;
}

/** The name of the chart that is Argo CD. */
export const INSTALLATION_CHART = "argo-cd";
