export type {
  AppProject,
  AppProjectSpec,
  BuildAppProjectOptions,
  GroupKind,
  NamedGroupKind,
  ProjectRole,
  SyncWindow,
} from "./app-project.ts";
export { buildAppProject } from "./app-project.ts";
export type {
  Application,
  ApplicationSpec,
  BuildApplicationOptions,
  Destination,
} from "./application.ts";
export { buildApplication, buildApplicationSpec, CASCADE, SYNC_OPTIONS } from "./application.ts";
export type {
  ApplicationSet,
  ApplicationSetSpec,
  ApplicationTemplate,
  BuildApplicationSetOptions,
  ClusterGenerator,
  Generator,
  GitGenerator,
  GitPath,
  LabelSelector,
  ListGenerator,
} from "./application-set.ts";
export { buildApplicationSet } from "./application-set.ts";
export type { ConfigMapPatch } from "./installation.ts";
export {
  buildInstallationPatches,
  buildPullPolicyPatches,
  INSTALLATION,
  METRICS_SERVICES,
} from "./installation.ts";
export type { Metadata } from "./metadata.ts";
export { ANNOTATION, ARGO_CD_NAMESPACE, IN_CLUSTER } from "./metadata.ts";
export type {
  ApplicationSource,
  DirectoryOptions,
  HelmOptions,
  HelmParameter,
  KustomizeOptions,
  KustomizePatch,
  PatchTarget,
} from "./source.ts";
export type {
  AutomatedSync,
  IgnoreDifferences,
  RetryPolicy,
  SyncOption,
  SyncPolicy,
} from "./sync-policy.ts";
