// One pod: its files, its process, its probes, from the start to the end.
import { messageOf } from "@hookline/command-line";
import type { PodPhase, PodState } from "../cluster-state.ts";
import type { PodTemplate } from "../workloads/workload.ts";
import { createBackOff } from "./back-off.ts";
import { type Child, startChild } from "./child.ts";
import { mapPorts } from "./listening.ts";
import { buildPodEnvironment, type PodIdentity } from "./pod-environment.ts";
import { writePodFiles } from "./pod-files.ts";
import { runProbe } from "./probe.ts";
import { type Prober, startProber } from "./prober.ts";

/** How a pod's program is started. */
export interface Launch {
  readonly command: readonly string[];
  /** The folder that it starts in. */
  readonly folder: string;
  /** Its ports, for a program that does not print where it listens; it is to be told them then. */
  readonly ports?: ReadonlyMap<number | string, number>;
  /** Variables in place of those of the manifest. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface PodOptions {
  readonly identity: PodIdentity;
  readonly template: PodTemplate;
  readonly hash: string;
  readonly launch: Launch;
  /** A folder of the run's, removed with the pod. */
  readonly folder: string;
  /** Variables that every pod gets, as PATH. */
  readonly common: Readonly<Record<string, string>>;
  /** Puts loopback addresses in place of Services. */
  readonly localise: (value: string) => string;
  readonly log: (line: string) => void;
  /** Takes a sentence for people when it ended after it had been ready. */
  readonly tell?: (sentence: string) => void;
  /** Told at every change of its state. */
  readonly changed: () => void;
}

export interface Pod {
  readonly identity: PodIdentity;
  readonly template: PodTemplate;
  readonly hash: string;
  readonly state: () => PodState;
  readonly ports: () => ReadonlyMap<number | string, number>;
  /** Takes it out of the endpoints, lets it finish, and ends it. Safe to call twice. */
  readonly stop: () => Promise<void>;
  /** Ends it without waiting. */
  readonly kill: () => void;
}

/** Here the endpoints know at once that a pod leaves: of the preStop sleep this much is enough. */
const MOST_PRE_STOP_MS = 200;

/**
 * Starts a pod as a process, with its files and environment. Throws for what its template asks and
 * this machine has not.
 */
export function startPod(options: PodOptions): Pod {
  const { identity, template, hash } = options;
  const files = writePodFiles(options.folder, template);
  const environment = buildPodEnvironment({
    identity,
    template,
    localise: (value) => files.resolve(options.localise(value)),
  });
  const { launch, common } = options;
  const life = new PodLife(options, { ...common, ...environment, ...launch.environment });
  const ended = life.run().finally(() => {
    try {
      files.remove();
    } catch (error) {
      // The folder of the run goes at our end, and this with it.
      options.log(`Cannot remove the pod's files: ${messageOf(error)}`);
    }
  });
  let stopping: Promise<void> | undefined;
  return {
    identity,
    template,
    hash,
    state: () => life.state(),
    ports: () => life.ports,
    stop: () => {
      stopping ??= endLife(life, ended, options);
      return stopping;
    },
    kill: () => {
      life.leave();
      life.signal("SIGKILL");
    },
  };
}

/** As a kubelet ends a pod: out of the endpoints, preStop, SIGTERM, and SIGKILL when its grace is over. */
async function endLife(
  life: PodLife,
  ended: Promise<void>,
  { template, changed }: PodOptions,
): Promise<void> {
  life.leave();
  changed();
  await Promise.race([Bun.sleep(Math.min(MOST_PRE_STOP_MS, template.preStopMs)), ended]);
  const force = setTimeout(() => life.signal("SIGKILL"), template.graceMs);
  life.signal("SIGTERM");
  await ended;
  clearTimeout(force);
}

class PodLife {
  ports: ReadonlyMap<number | string, number> = new Map();
  readonly #options: PodOptions;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #leaving = Promise.withResolvers<void>();
  #left = false;
  /** Whether the program that runs has been ready. */
  #served = false;
  #phase: PodPhase = "starting";
  #since = new Date();
  #restarts = 0;
  #lastEnd: string | null = null;
  #child: Child | undefined;
  #probers: Prober[] = [];

  constructor(options: PodOptions, environment: Readonly<Record<string, string>>) {
    this.#options = options;
    this.#environment = environment;
  }

  state(): PodState {
    const named = [...this.ports].filter(([name]) => typeof name === "string");
    return {
      name: this.#options.identity.name,
      pid: this.#child?.pid ?? null,
      phase: this.#phase,
      restarts: this.#restarts,
      since: this.#since.toISOString(),
      ports: Object.fromEntries(named),
      lastEnd: this.#lastEnd,
    };
  }

  /** No endpoint any more, and not started again. */
  leave(): void {
    this.#left = true;
    this.#stopProbers();
    this.#enter("stopping");
    this.#leaving.resolve();
  }

  signal(signal: "SIGKILL" | "SIGTERM"): void {
    this.#child?.kill(signal);
  }

  /** Starts the program, and again when it ends, until the pod leaves. */
  async run(): Promise<void> {
    const backOff = createBackOff();
    while (!this.#left) {
      const startedAt = performance.now();
      const end = await this.#runOnce();
      if (this.#left) return;
      this.#lastEnd = end;
      this.#restarts += 1;
      this.#tellEnd(end);
      this.#enter("back-off");
      const waitMs = backOff.next(performance.now() - startedAt);
      await Promise.race([Bun.sleep(waitMs), this.#leaving.promise]);
    }
  }

  /** What never got ready keeps a change from coming in, and is told with that. */
  #tellEnd(end: string): void {
    const { identity, tell } = this.#options;
    if (this.#served) tell?.(`${identity.name} has ended and is started anew: ${end}`);
    this.#served = false;
  }

  async #runOnce(): Promise<string> {
    const { launch, log } = this.#options;
    this.#enter("starting");
    let child: Child;
    try {
      child = startChild({ ...launch, environment: this.#environment, log });
    } catch (error) {
      // No process is free, or the folder is gone: as any other end, it may go better the next time.
      return `it cannot be started in "${launch.folder}": ${messageOf(error)}`;
    }
    this.#child = child;
    void portsOf(child, this.#options).then((ports) => {
      if (this.#child !== child || this.#left) return;
      this.ports = ports;
      this.#probeStart(child);
    });
    const late = this.#watchStart(child);
    // Nobody shall be sent to it from this moment on, whatever is still to be read of its output.
    void child.exited.then(() => {
      this.#stopProbers();
      this.#enter("unready");
    });
    const end = await child.ended;
    clearTimeout(late);
    this.#child = undefined;
    this.ports = new Map();
    return end;
  }

  /** A program that never listens is ended as one whose startup probe fails. */
  #watchStart(child: Child): ReturnType<typeof setTimeout> | undefined {
    const { startup } = this.#options.template.probes;
    if (startup === undefined) return undefined;
    const most = startup.initialDelaySeconds + startup.failureThreshold * startup.periodSeconds;
    return setTimeout(() => {
      if (this.#phase === "starting") child.kill("SIGKILL");
    }, most * 1000);
  }

  #probeStart(child: Child): void {
    const { startup } = this.#options.template.probes;
    if (startup === undefined) {
      this.#probeRun(child);
      return;
    }
    this.#probe(startup, (ok) => {
      this.#stopProbers();
      if (ok) this.#probeRun(child);
      else void this.#restart(child);
    });
  }

  #probeRun(child: Child): void {
    const { readiness, liveness } = this.#options.template.probes;
    if (readiness === undefined) this.#enter("ready");
    else this.#probe(readiness, (ok) => this.#enter(ok ? "ready" : "unready"));
    if (liveness !== undefined) {
      this.#probe(liveness, (ok) => {
        if (!ok) void this.#restart(child);
      });
    }
  }

  #probe(probe: Parameters<typeof runProbe>[0], changed: (ok: boolean) => void): void {
    const target = { ports: this.ports, environment: this.#environment };
    const run = () => runProbe(probe, target);
    this.#probers.push(startProber({ probe, run, changed: ({ ok }) => changed(ok) }));
  }

  /** A probe says that it is not alive: out of the endpoints first, then as at any other end. */
  async #restart(child: Child): Promise<void> {
    this.#stopProbers();
    this.#enter("unready");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), this.#options.template.graceMs);
    await child.ended;
    clearTimeout(force);
  }

  #stopProbers(): void {
    for (const prober of this.#probers.splice(0)) prober.stop();
  }

  #enter(phase: PodPhase): void {
    if (this.#phase === phase || (this.#left && phase !== "stopping")) return;
    this.#phase = phase;
    if (phase === "ready") this.#served = true;
    this.#since = new Date();
    this.#options.changed();
  }
}

/** The ports of a pod: those it was given, or those it says that it listens on. */
async function portsOf(child: Child, { launch, template }: PodOptions) {
  if (launch.ports) return launch.ports;
  const listening = await child.listening;
  return mapPorts(listening, { ports: template.ports, declared: declaredIn(template) });
}

/** The value of a variable as the manifest has it. */
function declaredIn({ environment }: PodTemplate): (name: string) => string | undefined {
  const declared = environment.flatMap((entry) =>
    entry.kind === "field" ? [] : [[entry.name, entry.value] as const],
  );
  const values = new Map(declared);
  return (name) => values.get(name);
}
