import type { Repository } from "./applications.ts";
import type { ChartMirror } from "./charts.ts";
import type { Connection } from "./kube/connection.ts";
import type { Discovery } from "./kube/discovery.ts";
import type { Report } from "./report.ts";

/** What Argo CD logs in to the repository with; neither for one that anybody may read. */
export interface RepositoryAccess {
  /** A private key in OpenSSH's form, for an SSH address. */
  readonly deployKey?: string;
  /** A token or password, for an HTTPS address. */
  readonly token?: string;
  /** Lines of `ssh_known_hosts` for its host. */
  readonly knownHosts?: string;
}

/** All that the stages work with: the cluster, what was asked for, and where to tell of it. */
export interface Run {
  readonly connection: Connection;
  readonly discovery: Discovery;
  readonly report: Report;
  /** The root of this checkout. */
  readonly root: string;
  readonly prepared: string;
  readonly repository: Repository;
  readonly access: RepositoryAccess;
  /** Empty: those whose environment.yaml says so. */
  readonly overlays: readonly string[];
  /** Undefined: charts come from their own repositories. */
  readonly charts: ChartMirror | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly timeoutMs: number;
  /** How long an application may be ill before that is the end: waves and retries need a moment. */
  readonly patienceMs: number;
  /** Between two looks at the cluster. */
  readonly intervalMs: number;
}
