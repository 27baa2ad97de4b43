import {
  buildInstallationPatches,
  buildPullPolicyPatches,
  INSTALLATION,
  METRICS_SERVICES,
} from "@hookline/argo-cd-manifests";
import { stringify } from "yaml";
import { declareApplications, type Manifest } from "./applications.ts";
import { declareRoot, PUBLISHED } from "./root.ts";

const HEADER = "# Written by `bun run render` from bootstrap/src. Do not edit.\n";

/** The files of gitops/applications and gitops/platform/argo-cd, by their path in gitops. */
export function renderFiles(): Map<string, string> {
  const children = declareApplications(PUBLISHED);
  return new Map([
    ...[...declareRoot(), ...children].map(
      (one) => [`applications/${nameFile(one)}`, write(one)] as const,
    ),
    ["applications/kustomization.yaml", write(buildKustomization(children))],
    ...renderInstallation(),
  ]);
}

function write(value: unknown): string {
  return HEADER + stringify(value, { lineWidth: 0, compat: "yaml-1.1" });
}

function nameFile({ kind, metadata }: Manifest): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** The root is not its own child: it is applied once, with the repository that the cluster pulls. */
function buildKustomization(children: readonly Manifest[]) {
  return {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: children.map(nameFile).sort(),
  };
}

/** Argo CD as it manages itself: the pinned installation, our patches, its metrics. */
function renderInstallation(): [path: string, text: string][] {
  const patches = buildInstallationPatches().map(
    (patch) => [`${patch.metadata.name}-patch.yaml`, patch] as const,
  );
  const monitors = METRICS_SERVICES.map(
    ({ name, port }) => [`servicemonitor-${name}.yaml`, buildMonitor(name, port)] as const,
  );
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: INSTALLATION.namespace,
    resources: [INSTALLATION.url, ...monitors.map(([file]) => file)],
    patches: [...patches.map(([file]) => ({ path: file })), ...buildPullPolicyPatches()],
  };
  return [["kustomization.yaml", kustomization] as const, ...patches, ...monitors].map(
    ([file, value]) => [`platform/argo-cd/${file}`, write(value)],
  );
}

function buildMonitor(name: string, port: string) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/name": name } },
      endpoints: [{ port, interval: "30s" }],
    },
  };
}
