import type { Destination } from "./application.ts";
import { ANNOTATION, ARGO_CD_NAMESPACE, IN_CLUSTER, type Metadata } from "./metadata.ts";

/** What a group of applications may read and where it may write. */
export interface AppProject {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "AppProject";
  readonly metadata: Metadata;
  readonly spec: AppProjectSpec;
}

/** What is allowed in a project, and when. */
export interface AppProjectSpec {
  readonly description?: string;
  /** Repositories that may be read; `*` in a name stands for anything. */
  readonly sourceRepos: readonly string[];
  /** Places that may be written; `*` in a namespace stands for anything. */
  readonly destinations: readonly Destination[];
  /** Cluster-wide kinds that may be written. None by default. */
  readonly clusterResourceWhitelist?: readonly NamedGroupKind[];
  readonly clusterResourceBlacklist?: readonly NamedGroupKind[];
  /** Kinds in a namespace that may be written. All if absent, none if empty. */
  readonly namespaceResourceWhitelist?: readonly GroupKind[];
  readonly namespaceResourceBlacklist?: readonly GroupKind[];
  /** Warns of resources in the namespaces that no application owns. */
  readonly orphanedResources?: { readonly warn?: boolean };
  readonly syncWindows?: readonly SyncWindow[];
  readonly roles?: readonly ProjectRole[];
  /** Namespaces besides Argo CD's in which applications of the project may be. */
  readonly sourceNamespaces?: readonly string[];
}

/** A kind, by its API group. */
export interface GroupKind {
  /** Empty for the core group; `*` for all. */
  readonly group: string;
  readonly kind: string;
}

/** A kind of the whole cluster, and which of it: a pattern of names, all if absent. */
export interface NamedGroupKind extends GroupKind {
  readonly name?: string;
}

/** A time in which syncs are allowed or denied. */
export interface SyncWindow {
  readonly kind: "allow" | "deny";
  /** In the form of cron. */
  readonly schedule: string;
  /** Such as `1h`. */
  readonly duration: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
}

/** Who may do what with the applications of the project. */
export interface ProjectRole {
  readonly name: string;
  readonly description?: string;
  /** Lines of casbin: `p, proj:<project>:<role>, applications, <action>, <project>/<application>, allow`. */
  readonly policies?: readonly string[];
  readonly groups?: readonly string[];
}

/** What a project of ours allows; all else is denied. */
export interface BuildAppProjectOptions {
  readonly description: string;
  readonly sourceRepos: readonly string[];
  /** Namespaces in the cluster of Argo CD. */
  readonly namespaces: readonly string[];
  readonly clusterKinds?: readonly NamedGroupKind[];
  /** All kinds if absent. */
  readonly namespaceKinds?: readonly GroupKind[];
  readonly wave?: number;
}

/** A project in which nothing is allowed that is not named. Refuses `*` for all repositories or namespaces. */
export function buildAppProject(name: string, options: BuildAppProjectOptions): AppProject {
  const { description, sourceRepos, namespaces, clusterKinds = [], namespaceKinds, wave } = options;
  if ([...sourceRepos, ...namespaces].includes("*")) {
    throw new TypeError(`Cannot build project "${name}": "*" allows everything, wished: names`);
  }
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: {
      name,
      namespace: ARGO_CD_NAMESPACE,
      ...(wave === undefined ? {} : { annotations: { [ANNOTATION.syncWave]: String(wave) } }),
    },
    spec: {
      description,
      sourceRepos,
      destinations: namespaces.map((namespace) => ({ server: IN_CLUSTER, namespace })),
      clusterResourceWhitelist: clusterKinds,
      ...(namespaceKinds === undefined ? {} : { namespaceResourceWhitelist: namespaceKinds }),
    },
  };
}
