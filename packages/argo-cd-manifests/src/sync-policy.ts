/** When and how Argo CD makes the cluster equal to Git. */
export interface SyncPolicy {
  /** Absent: only when asked. */
  readonly automated?: AutomatedSync;
  readonly syncOptions?: readonly SyncOption[];
  readonly retry?: RetryPolicy;
  /** Labels and annotations of the namespace that `CreateNamespace=true` makes. */
  readonly managedNamespaceMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What is done without being asked. */
export interface AutomatedSync {
  /** Deletes what is no longer in Git. */
  readonly prune?: boolean;
  /** Sets back what somebody changed in the cluster. */
  readonly selfHeal?: boolean;
  /** Accepts that nothing is left; refused by default, because it is mostly a mistake. */
  readonly allowEmpty?: boolean;
  /** Switches automation off without losing its settings. */
  readonly enabled?: boolean;
}

/** How a failed sync is tried again. */
export interface RetryPolicy {
  /** Attempts; 0 is none, less than 0 is without end. */
  readonly limit?: number;
  readonly backoff?: {
    /** First pause, such as `5s`. */
    readonly duration?: string;
    readonly factor?: number;
    readonly maxDuration?: string;
  };
  /** Takes the newest commit for a new attempt rather than the one that failed. */
  readonly refresh?: boolean;
}

/** The sync options that Argo CD 3.5 knows for a whole application. */
export type SyncOption =
  | `${"ApplyOutOfSyncOnly" | "CreateNamespace" | "FailOnSharedResource" | "PruneLast"}=${boolean}`
  | `${"Replace" | "Force" | "RespectIgnoreDifferences" | "ServerSideApply"}=${boolean}`
  | `${"SkipDryRunOnMissingResource" | "Validate" | "ClientSideApplyMigration"}=${boolean}`
  | `${"Prune" | "Delete"}=${boolean | "confirm"}`
  | `PrunePropagationPolicy=${"background" | "foreground" | "orphan"}`;

/** Fields that Argo CD does not compare, because something in the cluster owns them. */
export interface IgnoreDifferences {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** RFC 6901 pointers. */
  readonly jsonPointers?: readonly string[];
  /** Expressions of jq that select the fields. */
  readonly jqPathExpressions?: readonly string[];
  /** All that these field managers own. */
  readonly managedFieldsManagers?: readonly string[];
}
