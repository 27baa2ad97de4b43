/** What runs, as `/_local/api/state` tells it, `bun run status` prints it and the page shows it. */
export interface ClusterState {
  readonly overlay: string;
  readonly namespace: string;
  /** Where the gateway listens. */
  readonly url: string;
  readonly pid: number;
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  /** What a change is looked for in. */
  readonly watch: "nothing" | "files" | "git";
  readonly revision: { readonly text: string; readonly at: string };
  /** The newest change that was not deployed, if it is newer than what runs. */
  readonly refused: Refusal | null;
  /** The change that is being deployed. */
  readonly rollout: { readonly revision: string; readonly since: string } | null;
  readonly workloads: readonly WorkloadState[];
  readonly thirdParty: readonly ThirdPartyState[];
}

export interface Refusal {
  readonly revision: string;
  readonly reason: string;
  readonly at: string;
}

/** A Deployment of ours. */
export interface WorkloadState {
  readonly name: string;
  readonly namespace: string;
  readonly program: string;
  readonly version: string;
  readonly replicas: number;
  readonly ready: number;
  readonly pods: readonly PodState[];
}

export type PodPhase = "back-off" | "ready" | "starting" | "stopping" | "unready";

export interface PodState {
  readonly name: string;
  readonly pid: number | null;
  readonly phase: PodPhase;
  readonly restarts: number;
  readonly since: string;
  /** Container port by name → port on the loopback interface. */
  readonly ports: Readonly<Record<string, number>>;
  /** Why its process ended the last time. */
  readonly lastEnd: string | null;
}

/** A Deployment of somebody else's program. */
export interface ThirdPartyState {
  readonly name: string;
  readonly image: string;
  readonly runs: "binary" | "nothing" | "stand-in";
  readonly text: string;
}
