import { ARGO_CD_NAMESPACE } from "./metadata.ts";
import type { KustomizePatch } from "./source.ts";

/** The release of Argo CD that a cluster starts with and then keeps itself at. */
export const INSTALLATION = {
  version: "v3.5.1",
  /** One file with everything, CRDs included; without high availability, for a small cluster. */
  url: "https://raw.githubusercontent.com/argoproj/argo-cd/v3.5.1/manifests/install.yaml",
  /** Of that file. Who downloads it compares before applying. */
  sha256: "795a3a972224da6a7f9d32c3e946445f062b60fb46028476715affeb688236e3",
  namespace: ARGO_CD_NAMESPACE,
  /** Argo CD writes a random password here at its first start. Read it, hand it over, delete it. */
  initialPassword: { secret: "argocd-initial-admin-secret", key: "password" },
} as const;

/**
 * Health of an Application, which Argo CD does not judge by itself since 1.8: without it a wave
 * of applications is over as soon as they exist (argo-cd#3781). Its own word is not enough: an
 * application whose manifests could not be made has deployed nothing and says Healthy (seen with
 * 3.5.1). So the first sync must have succeeded; later drift holds up no wave.
 */
const APPLICATION_HEALTH = `local health = { status = "Progressing", message = "Not compared yet" }
if obj.status ~= nil and obj.status.health ~= nil then
  health.status = obj.status.health.status or "Progressing"
  health.message = obj.status.health.message or ""
  local synced = obj.status.sync ~= nil and obj.status.sync.status == "Synced"
  local done = obj.status.operationState ~= nil and obj.status.operationState.phase == "Succeeded"
  if health.status == "Healthy" and not synced and not done then
    health.status = "Progressing"
    health.message = "Not synced yet"
  end
end
return health
`;

/** A strategic merge patch over one of the installation's own ConfigMaps. */
export interface ConfigMapPatch {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap";
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

/** What we set otherwise than the installation does. */
export function buildInstallationPatches(): ConfigMapPatch[] {
  return [
    buildPatch("argocd-cm", {
      "resource.customizations.health.argoproj.io_Application": APPLICATION_HEALTH,
      // A push is seen within a minute or so; the default is two to three.
      "timeout.reconciliation": "60s",
      "timeout.reconciliation.jitter": "15s",
    }),
    buildPatch("argocd-cmd-params-cm", {
      // The CRDs' field owners stay one: Argo CD compares as it applies, on the server's side.
      "controller.diff.server.side": "true",
      // Which resource is ill, and why, stands in the Application: without it (the default since 3.0)
      // only Argo CD's own cache knows, and bootstrap could not name it.
      "controller.resource.health.persist": "true",
    }),
  ];
}

/**
 * The installation asks the registry for its pinned images at each start of a pod (Always); a node
 * that has them starts them without.
 */
export function buildPullPolicyPatches(): KustomizePatch[] {
  const build = (target: KustomizePatch["target"], list: string): KustomizePatch => ({
    target: { ...target },
    patch: JSON.stringify([
      {
        op: "replace",
        path: `/spec/template/spec/${list}/0/imagePullPolicy`,
        value: "IfNotPresent",
      },
    ]),
  });
  return [
    build({ kind: "Deployment" }, "containers"),
    build({ kind: "StatefulSet" }, "containers"),
    build({ kind: "Deployment", name: "argocd-dex-server" }, "initContainers"),
  ];
}

function buildPatch(name: string, data: ConfigMapPatch["data"]): ConfigMapPatch {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

/** The installation's Services with metrics, each with the port that has them. */
export const METRICS_SERVICES = [
  { name: "argocd-applicationset-controller", port: "metrics" },
  { name: "argocd-metrics", port: "metrics" },
  { name: "argocd-notifications-controller-metrics", port: "metrics" },
  { name: "argocd-repo-server", port: "metrics" },
  { name: "argocd-server-metrics", port: "metrics" },
] as const;
