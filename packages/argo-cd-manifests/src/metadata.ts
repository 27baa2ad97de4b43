/** Names and notes of a resource, as Kubernetes has them. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** The namespace of Argo CD, where all of its own resources are. */
export const ARGO_CD_NAMESPACE = "argocd";

/** The cluster that Argo CD runs in, as it names it in destinations. */
export const IN_CLUSTER = "https://kubernetes.default.svc";

/** Annotations that Argo CD reads on any resource. */
export const ANNOTATION = {
  /** A whole number: lower waves are applied first, and each waits until the one before is healthy. */
  syncWave: "argocd.argoproj.io/sync-wave",
  /** The sync options of one resource, separated by commas. */
  syncOptions: "argocd.argoproj.io/sync-options",
} as const;
