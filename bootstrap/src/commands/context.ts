import type { Connection } from "../kube/connection.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

/** What a command works with. */
export interface CommandContext {
  readonly options: Options;
  /** The root of this checkout. */
  readonly root: string;
  readonly report: Report;
  /** Reads the kubeconfig when it is first needed: not every command talks to a cluster. */
  connect(): Connection;
}
