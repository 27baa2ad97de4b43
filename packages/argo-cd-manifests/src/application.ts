import { ANNOTATION, ARGO_CD_NAMESPACE, IN_CLUSTER, type Metadata } from "./metadata.ts";
import type { ApplicationSource } from "./source.ts";
import type { IgnoreDifferences, SyncOption, SyncPolicy } from "./sync-policy.ts";

/** A set of manifests and the place in a cluster where they belong. */
export interface Application {
  readonly apiVersion: "argoproj.io/v1alpha1";
  readonly kind: "Application";
  readonly metadata: Metadata;
  readonly spec: ApplicationSpec;
}

/** Which manifests, where to, and how they get there. */
export interface ApplicationSpec {
  /** The AppProject whose limits hold. */
  readonly project: string;
  /** The one source; not together with `sources`. */
  readonly source?: ApplicationSource;
  /** Several sources, rendered one after the other; a later one wins where both make a resource. */
  readonly sources?: readonly ApplicationSource[];
  readonly destination: Destination;
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly IgnoreDifferences[];
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  /** How many former states are kept for the history; 10 if absent. */
  readonly revisionHistoryLimit?: number;
}

/** A cluster by its address or by its name, never both, and the namespace of what names none. */
export type Destination =
  | { readonly server: string; readonly namespace?: string }
  | { readonly name: string; readonly namespace?: string };

/** Deleting the application deletes what it deployed, and waits for that. */
export const CASCADE = "resources-finalizer.argocd.argoproj.io";

/**
 * What every application of ours does: follow Git by itself, set back changes, apply on the
 * server's side (CRDs are too large for the annotation that the client's side writes), and prune
 * last, so that what takes over is there before the other goes.
 */
export const SYNC_OPTIONS = [
  "ServerSideApply=true",
  "SkipDryRunOnMissingResource=true",
  "PruneLast=true",
] as const satisfies readonly SyncOption[];

/** What differs between applications of ours. */
export interface BuildApplicationOptions {
  readonly project: string;
  readonly namespace: string;
  /** One or more; one becomes `source`, several become `sources`. */
  readonly sources: readonly ApplicationSource[];
  /** The wave among the applications of the parent. */
  readonly wave?: number;
  /** Options besides `SYNC_OPTIONS`. */
  readonly syncOptions?: readonly SyncOption[];
  readonly ignoreDifferences?: readonly IgnoreDifferences[];
}

/** An application in the cluster of Argo CD. Refuses no sources, and a source that is both chart and path. */
export function buildApplication(name: string, options: BuildApplicationOptions): Application {
  const { wave } = options;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: ARGO_CD_NAMESPACE,
      ...(wave === undefined ? {} : { annotations: { [ANNOTATION.syncWave]: String(wave) } }),
      finalizers: [CASCADE],
    },
    spec: buildApplicationSpec(options),
  };
}

/** The spec alone, as an ApplicationSet's template has it. */
export function buildApplicationSpec({
  project,
  namespace,
  sources,
  syncOptions = [],
  ignoreDifferences = [],
}: BuildApplicationOptions): ApplicationSpec {
  const [source, ...others] = sources;
  if (source === undefined) throw new TypeError("Cannot build an application: it has no source");
  for (const { chart, path } of sources) {
    if (chart !== undefined && path !== undefined) {
      throw new TypeError(`Cannot build an application: chart "${chart}" has a path as well`);
    }
  }
  const respect: readonly SyncOption[] =
    ignoreDifferences.length === 0 ? [] : ["RespectIgnoreDifferences=true"];
  return {
    project,
    ...(others.length === 0 ? { source } : { sources }),
    destination: { server: IN_CLUSTER, namespace },
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      syncOptions: [...SYNC_OPTIONS, ...respect, ...syncOptions],
      // A CRD or a webhook of the wave before may need a moment more than its health says.
      // With the newest commit: the one that mends does not wait until all attempts of the broken one have failed.
      retry: {
        limit: 10,
        backoff: { duration: "10s", factor: 2, maxDuration: "3m" },
        refresh: true,
      },
    },
    ...(ignoreDifferences.length === 0 ? {} : { ignoreDifferences }),
  };
}
