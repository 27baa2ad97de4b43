// One program of others that is installed here, as one pod: brought up, kept up, or given up with the reason.
import { messageOf } from "@hookline/command-line";
import type { DeploymentOptions } from "../pods/deployment.ts";
import { Fleet } from "../pods/fleet.ts";
import type { Workload } from "../workloads/workload.ts";
import type { ProgramName } from "./binaries.ts";
import type { ProgramStatus } from "./program-status.ts";
import { readVersion } from "./read-version.ts";

/** One that is not ready by then is given up: its stand-in goes on. */
const PATIENCE_MS = 30_000;

export interface InstalledProgramOptions extends Pick<DeploymentOptions, "createPod"> {
  readonly binary: string;
}

/** A program that never keeps a release from running: what it cannot do is told, not thrown. */
export class InstalledProgram {
  readonly #fleet: Fleet;
  #version: string | undefined;
  #failure: string | undefined;

  constructor(program: ProgramName, { binary, createPod }: InstalledProgramOptions) {
    this.#fleet = new Fleet({ createPod });
    readVersion(program, binary).then(
      (version) => {
        this.#version = version;
      },
      // One that cannot be started to be asked tells no version; that it runs is tried apart from this.
      () => {},
    );
  }

  status(): ProgramStatus {
    const port = this.portOf();
    if (port !== undefined) return { kind: "running", port, version: this.#version };
    if (this.#failure !== undefined) return { kind: "failed", why: this.#failure };
    const pods = this.#fleet.deployments.flatMap((each) => each.pods);
    const ends = pods.flatMap((pod) => pod.state().lastEnd ?? []);
    return { kind: "starting", lastEnd: ends[0] ?? null };
  }

  /** Where a port of it is, its first one without a name; undefined while it is not ready. */
  portOf(name?: string): number | undefined {
    const ports = this.#fleet.ready()[0]?.ports;
    return name === undefined ? ports?.values().next().value : ports?.get(name);
  }

  /** Brings it to a template; resolves when it is ready or given up. */
  async bringIn(workload: Workload, signal: AbortSignal): Promise<void> {
    this.#failure = undefined;
    try {
      await this.#fleet.rollOut([workload], { signal, patienceMs: PATIENCE_MS });
      await this.#fleet.prune([workload]);
    } catch (error) {
      this.#failure = messageOf(error);
      await this.#fleet.stop();
    }
  }

  async stop(): Promise<void> {
    await this.#fleet.stop();
  }

  kill(): void {
    this.#fleet.kill();
  }
}
