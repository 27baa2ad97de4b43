import type { Mount, Probe } from "./manifests.ts";

export type Labels = Readonly<Record<string, string>>;

/** A variable of a container, before what depends on the pod is filled in. */
export type EnvironmentEntry =
  /** Of a ConfigMap or Secret: taken as it is. */
  | { readonly kind: "literal"; readonly name: string; readonly value: string }
  /** Of `value`: `$(NAME)` in it is replaced. */
  | { readonly kind: "text"; readonly name: string; readonly value: string }
  /** Of `fieldRef`. */
  | { readonly kind: "field"; readonly name: string; readonly path: string };

/** What a volume holds when its pod starts. */
export type VolumeContent =
  | { readonly kind: "empty" }
  | { readonly kind: "files"; readonly files: ReadonlyMap<string, Uint8Array> }
  /** A copy of a folder of this machine, as of a model image's files. */
  | { readonly kind: "folder"; readonly folder: string };

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: number;
}

export interface Probes {
  readonly startup: Probe | undefined;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
}

/** All that makes a pod what it is: another template is another pod. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: readonly EnvironmentEntry[];
  readonly ports: readonly ContainerPort[];
  readonly mounts: readonly Mount[];
  readonly volumes: ReadonlyMap<string, VolumeContent>;
  readonly probes: Probes;
  /** How long the pod goes on after it left the endpoints, before SIGTERM. */
  readonly preStopMs: number;
  readonly graceMs: number;
}

export type Strategy =
  | { readonly kind: "recreate" }
  | { readonly kind: "rolling"; readonly maxSurge: number; readonly maxUnavailable: number };

/** A Deployment. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly strategy: Strategy;
  readonly template: PodTemplate;
}
