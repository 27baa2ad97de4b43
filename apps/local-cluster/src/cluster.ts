// What runs: pods, data plane, limiter. A release is brought into all of them, or none.
import { isSystemError } from "@hookline/command-line";
import type { Mesh, Source } from "@hookline/mesh";
import type { ClusterState, Refusal } from "./cluster-state.ts";
import { type AccessLogEntry, createDataPlane, type DataPlane } from "./data-plane/data-plane.ts";
import { UpError } from "./errors.ts";
import { compileMesh, refuseFaults } from "./overlay/lint.ts";
import type { Rendered } from "./overlay/render.ts";
import { buildPlan, type Plan } from "./plan.ts";
import { createPodFactory, programOf } from "./pods/create-pod.ts";
import { Fleet } from "./pods/fleet.ts";
import { describePort } from "./port.ts";
import { createStatusPage } from "./status-page/status-page.ts";
import { findBinaries } from "./third-party/binaries.ts";
import { ThirdPartyPrograms } from "./third-party/third-party.ts";
import { createLimiterStandIn } from "./traffic/limiter.ts";
import { ServiceListeners } from "./traffic/service-listeners.ts";
import { createModelFinder } from "./workloads/images.ts";

/** Resources that are to run, and what they are called. */
export interface Release extends Rendered {
  /** As `1a2b3c4 feat: move the weight`, or `working tree`. */
  readonly revision: string;
}

export interface ClusterOptions {
  readonly overlay: string;
  /** Port of the gateway on the loopback interface; 0 takes a free one. */
  readonly port: number;
  readonly replicas: number | undefined;
  readonly follow: "files" | "git" | "nothing";
  /** Folder that holds the programs, each as `<name>/src/server.ts`. */
  readonly programsDir: string;
  /** Folder of this run's, which the pods write in. */
  readonly runFolder: string;
  /** Revision of the programs. */
  readonly programsRevision: string;
  /** Programs of others are stood in for, also where they are installed. */
  readonly standIns: boolean;
  /** Gives up what is being deployed when it fires. */
  readonly asked: AbortSignal;
  readonly logPod: (pod: string, line: string) => void;
  readonly logRequest: (entry: AccessLogEntry) => void;
  /** Takes a sentence about what went wrong while all else goes on. */
  readonly tell: (sentence: string) => void;
}

/** How long a pod may take to get ready before the change that brought it is refused. */
const PATIENCE_MS = 30_000;
const DRAIN_MS = 5_000;
/** How long a start waits for the limiter that is installed when all else is ready. */
const LIMITER_PATIENCE_MS = 1_000;

/** What runs of one overlay: its pods, its gateway, the stand-ins; from its start to its end. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #fleet: Fleet;
  readonly #listeners: ServiceListeners;
  readonly #limiter = createLimiterStandIn({ now: Date.now });
  readonly #others: ThirdPartyPrograms;
  readonly #modelFolder: (reference: string) => string;
  readonly #dataPlane: DataPlane;
  readonly #startedAt = new Date().toISOString();
  #mesh: Mesh;
  #plan: Plan;
  #release: Release;
  #releasedAt = this.#startedAt;
  #rollout: ClusterState["rollout"] = null;
  #url = "";
  /** The newest change that was not deployed. */
  refused: Refusal | null = null;

  /** Throws an UpError when the release cannot run; nothing is started yet. */
  constructor(release: Release, options: ClusterOptions) {
    this.#options = options;
    this.#modelFolder = createModelFinder(`${options.programsDir}/model-service/models`);
    this.#release = release;
    this.#plan = this.#planOf(release);
    this.#mesh = compileMesh(release);
    this.#fleet = new Fleet({
      createPod: createPodFactory({
        programsDir: options.programsDir,
        runFolder: options.runFolder,
        revision: options.programsRevision,
        localise: (workload, value) => this.#listeners.localise(workload, value),
        log: options.logPod,
        tell: options.tell,
      }),
    });
    this.#others = new ThirdPartyPrograms({
      binaries: options.standIns ? undefined : findBinaries(`${options.programsDir}/..`),
      endpoints: this.#fleet,
      runFolder: options.runFolder,
      signal: options.asked,
      log: options.logPod,
      tell: options.tell,
    });
    this.#dataPlane = createDataPlane({
      mesh: this.#mesh,
      endpoints: this.#fleet,
      limiter: (call) =>
        this.#others.hasLimiter ? this.#others.check(call) : this.#limiter.check(call),
      log: options.logRequest,
    });
    this.#listeners = new ServiceListeners({
      listen: (each) => this.#dataPlane.listenService(each),
    });
  }

  get url(): string {
    return this.#url;
  }

  get release(): Release {
    return this.#release;
  }

  /** Opens the gateway, brings up the pods and lints the while; resolves when all are ready. */
  async start(): Promise<void> {
    const status = createStatusPage({
      state: () => this.state(),
      dataPlane: this.#dataPlane,
      mesh: () => this.#mesh,
    });
    const wanted = this.#options.port;
    const { port } = await this.#dataPlane
      .listenGateway({ host: "127.0.0.1", port: wanted, source: gatewayOf, status })
      // It was free a moment ago: another has been faster.
      .catch((error) => {
        throw isSystemError(error) ? describePort(wanted, error) : error;
      });
    this.#url = `http://127.0.0.1:${port}`;
    const lint = () => refuseFaults(this.#release);
    const limiter = this.#others.bringInLimiter(this.#wanted);
    await this.#bringIn(this.#plan, { mesh: this.#mesh, meanwhile: lint });
    await Promise.race([limiter, Bun.sleep(LIMITER_PATIENCE_MS)]);
    void this.#others.bringInMonitoring(this.#wanted, this.#url);
  }

  /**
   * Brings another release in: new pods first, then the routes in one moment, then what is not
   * wanted any more goes. Throws an UpError when it cannot run; what ran before goes on then.
   */
  async deploy(release: Release): Promise<void> {
    const plan = this.#planOf(release);
    const mesh = compileMesh(release);
    // One without is refused before anything of it is brought in.
    gatewayOf(mesh);
    this.#rollout = { revision: release.revision, since: new Date().toISOString() };
    try {
      await this.#bringIn(plan, { mesh });
    } finally {
      this.#rollout = null;
    }
    this.#release = release;
    this.#releasedAt = new Date().toISOString();
    await Promise.race([this.#others.bringInLimiter(this.#wanted), Bun.sleep(LIMITER_PATIENCE_MS)]);
    void this.#others.bringInMonitoring(this.#wanted, this.#url);
    this.refused = null;
  }

  state(): ClusterState {
    const { overlay, follow } = this.#options;
    return {
      overlay,
      namespace: this.#plan.namespace,
      url: this.#url,
      pid: process.pid,
      startedAt: this.#startedAt,
      watch: follow,
      revision: { text: this.#release.revision, at: this.#releasedAt },
      refused: this.refused,
      rollout: this.#rollout,
      workloads: this.#fleet.deployments.map((each) => each.state(programOf(each.workload))),
      thirdParty: this.#others.describe(this.#wanted),
    };
  }

  /** The state as soon as others' programs that were starting run or are given up. */
  async stateWhenSettled(): Promise<ClusterState> {
    await this.#others.settled();
    return this.state();
  }

  /** The gateway first, then the pods, each when it has answered what is under way. */
  async stop(): Promise<void> {
    await this.#dataPlane.stop({ drainMs: DRAIN_MS });
    await Promise.all([this.#fleet.stop(), this.#others.stop()]);
  }

  /** Ends all pods without waiting. */
  kill(): void {
    this.#fleet.kill();
    this.#others.kill();
  }

  get #wanted() {
    return { plan: this.#plan, resources: this.#release.resources };
  }

  #planOf({ resources }: Release): Plan {
    const { replicas } = this.#options;
    return buildPlan(resources, { replicas, modelFolder: this.#modelFolder });
  }

  async #bringIn(plan: Plan, { mesh, meanwhile }: BringInOptions): Promise<void> {
    const { asked } = this.#options;
    const limiter = plan.thirdParty.find(({ program }) => program === "ratelimit");
    const useLimiter = this.#limiter.prepare(limiter?.workload);
    await this.#listeners.open(plan.workloads, plan.services);
    const rollout = { signal: asked, patienceMs: PATIENCE_MS };
    const ready = this.#fleet.rollOut(plan.workloads, rollout);
    try {
      await Promise.all([ready, Promise.try(() => meanwhile?.())]);
    } catch (error) {
      await this.#listeners.keepOnly(this.#plan.workloads, this.#plan.services);
      throw error;
    }
    if (asked.aborted) return;
    // From here on nothing can fail.
    useLimiter();
    this.#dataPlane.update(mesh);
    this.#mesh = mesh;
    this.#plan = plan;
    await this.#fleet.prune(plan.workloads);
    await this.#listeners.keepOnly(plan.workloads, plan.services);
  }
}

interface BringInOptions {
  readonly mesh: Mesh;
  /** Is done while the pods come up; may throw. */
  readonly meanwhile?: () => void;
}

/** The first Gateway that speaks HTTP: one port is opened here. */
function gatewayOf({ gateways }: Mesh): Source {
  const gateway = gateways.find(({ protocol }) => protocol === "HTTP");
  if (gateway === undefined) {
    const message = "Cannot open a gateway: the overlay has no Gateway with an HTTP server";
    throw new UpError(message, { code: "BAD_MANIFEST" });
  }
  const { selector, namespace, port } = gateway;
  return { kind: "gateway", labels: selector, namespace, port };
}
