import { CHARTS, GATEWAY } from "./charts.ts";
import { BootstrapError } from "./errors.ts";

/** What the pods of a chart run with our values, at the version that the list was read for. */
interface ChartImages {
  readonly version: string;
  readonly images: readonly string[];
}

/** The release's charts name this registry (release-builder, branch release-1.30, release/build.sh). */
const ISTIO = "registry.istio.io/release";
const proxy = `${ISTIO}/proxyv2:1.30.3`;

/**
 * A chart cannot be rendered without Helm, so what it would deploy is written down here, by its
 * chart and for one version: a chart that is raised is refused until its images are read again.
 * Tags are those of the charts' own values.yaml and appVersion (istio/istio 1.30.3;
 * prometheus-community/helm-charts, kube-prometheus-stack-88.5.3 with kube-state-metrics 8.4.0,
 * prometheus-node-exporter 4.56.1; grafana-community/helm-charts, grafana 12.11.1).
 *
 * Digests are of the index of all architectures, as other public repositories pin the same tags.
 * Of those without one no public file told it: what the registry has under the tag is taken, and
 * `download` prints the digest.
 */
const IMAGES: Readonly<Record<string, ChartImages>> = {
  base: { version: "1.30.3", images: [] },
  cni: { version: "1.30.3", images: [`${ISTIO}/install-cni:1.30.3`] },
  // The webhook of istiod puts the proxy into every pod of the mesh.
  istiod: { version: "1.30.3", images: [`${ISTIO}/pilot:1.30.3`, proxy] },
  // Its image is `auto`: the webhook's.
  gateway: { version: "1.30.3", images: [proxy] },
  "kube-prometheus-stack": {
    version: "88.5.3",
    images: [
      "docker.io/grafana/grafana:13.2.0@sha256:3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b",
      "quay.io/kiwigrid/k8s-sidecar:2.10.1",
      "quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1@sha256:428f088fe6fe07ab138bda92113664b04848a1dc408e4d3680a60ecdb55d1a65",
      "quay.io/prometheus-operator/prometheus-operator:v0.93.1@sha256:e52bb28fd41c98dd407c7a8cba8bdcfe7eabd7447e250afaf1fe7bb816dedbff",
      "quay.io/prometheus/alertmanager:v0.34.0@sha256:690c7b525f4367aa91f73e2f91c632206d32e97c6384bdbf2fb7a861b420340d",
      "quay.io/prometheus/node-exporter:v1.12.1-distroless@sha256:8c9bac11973b94b59be88d6e11fee4429aa743c8846cdc75d65b18db33f6a106",
      "quay.io/prometheus/prometheus:v3.14.0-distroless@sha256:50c707e96da5ade383cb1707790576480485e93de06aa60ad8802cb5f744bd0a",
      "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0@sha256:42cfe3723a5f058171c627537fb57a3ea0f26e4380fa18555a95cb1a1b4cfc5b",
    ],
  },
  "sealed-secrets": {
    version: "2.18.5",
    images: ["ghcr.io/bitnami-labs/sealed-secrets-controller:0.36.6"],
  },
};

/** The digests of what Argo CD's installation names by tag, found as those above. */
export const INSTALLATION_DIGESTS: Readonly<Record<string, string>> = {
  "ghcr.io/dexidp/dex:v2.45.0":
    "sha256:b8469881d3cb3a73001506f0d3aaefecb9c45d2311c1e0f405d8ac538316c59d",
  "public.ecr.aws/docker/library/redis:8.2.3-alpine":
    "sha256:08ad0b1d280850169a790dba1393ff7a90aef951fc19632cf4d3ce4f78e679ba",
  "quay.io/argoproj/argocd:v3.5.1":
    "sha256:0deb1a1c917629b960ead995ae3b6069450a866992676599658687ef9a641ee8",
};

/** The images of every chart that we install. Refuses a chart whose list is of another version. */
export function listChartImages(
  charts: readonly { readonly chart: string; readonly version: string }[] = [...CHARTS, GATEWAY],
): string[] {
  return charts.flatMap(({ chart, version }) => {
    const found = IMAGES[chart];
    if (found?.version === version) return found.images;
    const has = found === undefined ? "none" : `those of ${found.version}`;
    throw new BootstrapError(
      `Cannot list the images of ${chart} ${version}: bootstrap/src/chart-images.ts has ${has}`,
      { code: "VERSION", next: "Read them from the chart's values.yaml, and write them there" },
    );
  });
}
