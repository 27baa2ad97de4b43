// The programs of others that are installed here, run as the overlay says, one pod each.
import { join } from "node:path";
import type { JsonObject, LimitCall, LimiterAnswer } from "@hookline/mesh";
import type { EndpointSource } from "../data-plane/endpoints.ts";
import { UpError } from "../errors.ts";
import type { ThirdParty } from "../plan.ts";
import { guard } from "../pods/child.ts";
import type { RolloutOptions } from "../pods/deployment.ts";
import { Fleet } from "../pods/fleet.ts";
import { type Pod, startPod } from "../pods/pod.ts";
import type { ThirdPartyName } from "../workloads/images.ts";
import type { Probe } from "../workloads/manifests.ts";
import { replaceReferences } from "../workloads/references.ts";
import type { ClusterService } from "../workloads/resources.ts";
import { randomLetters } from "../workloads/template-hash.ts";
import type { PodTemplate, Workload } from "../workloads/workload.ts";
import { askLimiter } from "./ask-limiter.ts";
import { type Binaries, LAUNCHES } from "./binaries.ts";
import { findFreePorts } from "./free-ports.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

export interface RealProgramsOptions {
  /** The pods of ours, which are scraped. */
  readonly endpoints: EndpointSource;
  readonly binaries: Binaries;
  readonly runFolder: string;
  readonly log: (pod: string, line: string) => void;
}

/** Others find Redis, so that it is there first. */
const ORDER: readonly ThirdPartyName[] = ["redis", "mailpit", "ratelimit"];

/** Programs of others that are installed here and run as they do in a cluster, instead of their stand-ins. */
export class RealPrograms {
  readonly #options: RealProgramsOptions;
  readonly #fleet: Fleet;
  readonly #programs = new Map<string, ThirdPartyName>();
  #services: readonly ClusterService[] = [];
  #prometheus: Prometheus | undefined;

  constructor(options: RealProgramsOptions) {
    this.#options = options;
    this.#fleet = new Fleet({ createPod: (...given) => this.#createPod(...given) });
  }

  /** Brings those that are installed up, and to a new render. Throws as a rollout does. */
  async bringIn(
    {
      thirdParty,
      services,
    }: { thirdParty: readonly ThirdParty[]; services: readonly ClusterService[] },
    options: RolloutOptions,
  ): Promise<void> {
    this.#services = services;
    const wanted: Workload[] = [];
    for (const name of ORDER) {
      for (const { program, workload } of thirdParty) {
        if (program !== name || this.#options.binaries[name] === undefined) continue;
        this.#programs.set(workload.name, name);
        wanted.push({ ...workload, replicas: 1, strategy: { kind: "recreate" } });
        await this.#fleet.rollOut(wanted, options);
      }
    }
    await this.#fleet.prune(wanted);
  }

  /** Starts Prometheus, or gives it other rules; does nothing where it is not installed. */
  async scrape(gateway: string, resources: readonly JsonObject[]): Promise<void> {
    const { binaries, runFolder, endpoints, log } = this.#options;
    const binary = binaries.prometheus;
    if (this.#prometheus) await this.#prometheus.update(resources);
    else if (binary !== undefined) {
      const settings = { binary, runFolder, endpoints, gateway };
      const logLine = (line: string) => log("prometheus", line);
      this.#prometheus = startPrometheus({ ...settings, log: logLine }, resources);
    }
  }

  get prometheusPort(): number | undefined {
    return this.#prometheus?.port;
  }

  /** Where a Deployment's program listens first; undefined where none runs. */
  portOf(name: string): number | undefined {
    const endpoint = this.#fleet.ready().find(({ workload }) => workload === name);
    return endpoint?.ports.values().next().value;
  }

  /** Whether the real limiter is there to be asked. */
  get hasLimiter(): boolean {
    return this.#limiterPort() !== undefined;
  }

  async check(call: LimitCall): Promise<LimiterAnswer> {
    return await askLimiter(`http://127.0.0.1:${this.#limiterPort()}`, call);
  }

  async stop(): Promise<void> {
    await this.#prometheus?.stop();
    await this.#fleet.stop();
  }

  kill(): void {
    this.#fleet.kill();
  }

  #limiterPort(): number | undefined {
    const endpoint = this.#fleet
      .ready()
      .find(({ workload }) => this.#programs.get(workload) === "ratelimit");
    return endpoint?.ports.get("http");
  }

  #createPod(workload: Workload, hash: string, changed: () => void): Pod {
    const { runFolder, log, binaries } = this.#options;
    const program = this.#programs.get(workload.name);
    const binary = program && binaries[program];
    if (program === undefined || binary === undefined) {
      throw new UpError(`Cannot run ${workload.name}: it is not installed`, {
        code: "UNSUPPORTED",
      });
    }
    const name = `${workload.name}-${hash}-${randomLetters(5)}`;
    const template = withoutCommands(workload.template);
    const ports = placePorts(template);
    const portOf = (wanted: string) => ports.get(wanted) ?? findFreePorts(1)[0] ?? 0;
    const launch = LAUNCHES[program]({ binary, template, port: portOf });
    const folder = join(runFolder, name);
    return startPod({
      identity: { name, namespace: workload.namespace, workload: workload.name },
      template,
      hash,
      launch: { ...launch, command: guard(launch.command), folder: runFolder, ports },
      folder,
      common: { PATH: process.env["PATH"] ?? "" },
      localise: (value) => this.#localise(workload, value),
      log: (line) => log(name, line),
      changed,
    });
  }

  /** A Service of a program that runs here is its pod's own port: these speak no HTTP. */
  #localise({ namespace }: Workload, value: string): string {
    const services = this.#services.filter(({ name }) => this.portOf(name) !== undefined);
    const portOf = ({ name }: { readonly name: string }) => this.portOf(name) ?? 0;
    return replaceReferences(value, { namespace, services, portOf });
  }
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
