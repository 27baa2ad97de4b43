import { join } from "node:path";
import { guard } from "../pods/child.ts";
import { type Pod, startPod } from "../pods/pod.ts";
import type { Probe } from "../workloads/manifests.ts";
import { replaceReferences } from "../workloads/references.ts";
import type { ClusterService } from "../workloads/resources.ts";
import { randomLetters } from "../workloads/template-hash.ts";
import type { PodTemplate, Workload } from "../workloads/workload.ts";
import { type Binaries, LAUNCHES, type ProgramName } from "./binaries.ts";
import { findFreePorts } from "./free-ports.ts";
import { InstalledProgram } from "./installed-program.ts";
import type { ProgramStatus } from "./program-status.ts";

export interface InstalledProgramsOptions {
  /** Undefined where stand-ins are wanted, whatever is installed. */
  readonly binaries: Binaries | undefined;
  readonly runFolder: string;
  readonly signal: AbortSignal;
  readonly log: (pod: string, line: string) => void;
  /** Takes a sentence for people about one that ended. */
  readonly tell: (sentence: string) => void;
}

/** The programs of others that are installed and run, each by the name of its workload. */
export class InstalledPrograms {
  /** The Services that their variables name. */
  services: readonly ClusterService[] = [];
  readonly #options: InstalledProgramsOptions;
  readonly #programs = new Map<string, InstalledProgram>();
  readonly #refusals = new Map<string, string>();
  #isStopped = false;

  constructor(options: InstalledProgramsOptions) {
    this.#options = options;
  }

  /** Whether the program is wanted and installed. */
  has(program: ProgramName): boolean {
    return this.#options.binaries?.[program] !== undefined;
  }

  /** A folder for what a program reads and keeps. */
  folderOf(name: string): string {
    return join(this.#options.runFolder, "programs", name);
  }

  /** Brings a workload in with the program that is installed, if it is; resolves when that is ready or given up. */
  async bringIn(program: ProgramName, workload: Workload): Promise<void> {
    const { binaries, signal } = this.#options;
    const binary = binaries?.[program];
    if (binary === undefined || this.#isStopped || signal.aborted) return;
    const { name } = workload;
    this.#refusals.delete(name);
    const installed =
      this.#programs.get(name) ??
      new InstalledProgram(program, {
        binary,
        createPod: (given, hash, changed) =>
          this.#createPod(program, given, { binary, hash, changed }),
      });
    this.#programs.set(name, installed);
    await installed.bringIn({ ...workload, replicas: 1, strategy: { kind: "recreate" } }, signal);
  }

  /** Ends the program of this name, for what it is to do cannot be done here. */
  async refuse(name: string, why: string): Promise<void> {
    this.#refusals.set(name, why);
    const program = this.#programs.get(name);
    this.#programs.delete(name);
    await program?.stop();
  }

  statusOf(program: ProgramName, name: string): ProgramStatus {
    if (this.#options.binaries === undefined) return { kind: "off" };
    if (!this.has(program)) return { kind: "absent" };
    const why = this.#refusals.get(name);
    if (why !== undefined) return { kind: "failed", why };
    return this.#programs.get(name)?.status() ?? { kind: "starting", lastEnd: null };
  }

  /** Where a port of a workload is; the first one without a port's name; undefined while it is not ready. */
  portOf(name: string, port?: string): number | undefined {
    return this.#programs.get(name)?.portOf(port);
  }

  /** Ends those that are not in the list. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    const unwanted = [...this.#programs].filter(([name]) => !names.has(name));
    for (const [name] of unwanted) this.#programs.delete(name);
    await Promise.all(unwanted.map(([, program]) => program.stop()));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.keepOnly(new Set());
  }

  kill(): void {
    for (const program of this.#programs.values()) program.kill();
  }

  #createPod(
    program: ProgramName,
    workload: Workload,
    { binary, hash, changed }: CreateOptions,
  ): Pod {
    const { runFolder, log, tell } = this.#options;
    const name = `${workload.name}-${hash}-${randomLetters(5)}`;
    const template = withoutCommands(workload.template);
    const ports = placePorts(template);
    const port = (wanted: string) => ports.get(wanted) ?? findFreePorts(1)[0] ?? 0;
    const folder = this.folderOf(workload.name);
    const launch = LAUNCHES[program]({ binary, template, port, folder });
    return startPod({
      identity: { name, namespace: workload.namespace, workload: workload.name },
      template,
      hash,
      launch: { ...launch, command: guard(launch.command), folder: runFolder, ports },
      folder: join(runFolder, name),
      common: { PATH: process.env["PATH"] ?? "" },
      localise: (value) => this.#localise(workload, value),
      log: (line) => log(name, line),
      tell,
      changed,
    });
  }

  /** A Service of a program that runs here is its pod's own port: these speak no HTTP. */
  #localise({ namespace }: Workload, value: string): string {
    const services = this.services.filter(({ name }) => this.portOf(name) !== undefined);
    const portOf = ({ name }: { readonly name: string }) => this.portOf(name) ?? 0;
    return replaceReferences(value, { namespace, services, portOf });
  }
}

interface CreateOptions {
  readonly binary: string;
  readonly hash: string;
  readonly changed: () => void;
}

function placePorts({ ports }: PodTemplate): ReadonlyMap<number | string, number> {
  const free = findFreePorts(ports.length);
  return new Map(
    ports.flatMap(({ name, number }, at): [number | string, number][] => {
      const real = free[at] ?? 0;
      return name === undefined
        ? [[number, real]]
        : [
            [name, real],
            [number, real],
          ];
    }),
  );
}

/** A command in a container (`redis-cli ping`) would ask the port that it has there: an open port will do. */
function withoutCommands(template: PodTemplate): PodTemplate {
  const [first] = template.ports;
  const replace = (probe: Probe | undefined) =>
    probe?.exec && first ? { ...probe, exec: undefined, tcpSocket: { port: first.number } } : probe;
  const { startup, readiness, liveness } = template.probes;
  const probes = {
    startup: replace(startup),
    readiness: replace(readiness),
    liveness: replace(liveness),
  };
  return { ...template, probes };
}
