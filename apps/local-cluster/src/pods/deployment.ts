// The pods of one Deployment: as many as wanted, of the wanted template, changed over without a gap.
import type { WorkloadState } from "../cluster-state.ts";
import { UpError } from "../errors.ts";
import { hashTemplate } from "../workloads/template-hash.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Pod } from "./pod.ts";

export interface DeploymentOptions {
  /** Starts a pod of the workload; `changed` is to be called at every change of its state. */
  readonly createPod: (workload: Workload, hash: string, changed: () => void) => Pod;
  /** Told at every change of any pod. */
  readonly changed: () => void;
}

export interface RolloutOptions {
  readonly signal: AbortSignal;
  /** How long without progress before it is given up. */
  readonly patienceMs: number;
}

/** A start that ends as often as this before the pod was ready is given up. */
const MOST_ENDS = 2;

/** The pods of one workload, brought to what it wants and kept there. */
export class Deployment {
  readonly #options: DeploymentOptions;
  readonly #live = new Set<Pod>();
  readonly #leaving = new Map<Pod, Promise<void>>();
  #workload: Workload;
  #isStopped = false;
  #wake = Promise.withResolvers<void>();

  constructor(workload: Workload, options: DeploymentOptions) {
    this.#workload = workload;
    this.#options = options;
  }

  get workload(): Workload {
    return this.#workload;
  }

  /** All that still run, those that leave too. */
  get pods(): readonly Pod[] {
    return [...this.#live, ...this.#leaving.keys()];
  }

  state(program: string): WorkloadState {
    const { name, namespace, replicas, template } = this.#workload;
    return {
      name,
      namespace,
      program,
      version: template.labels["app.kubernetes.io/version"] ?? "",
      replicas,
      ready: this.#ready().length,
      pods: this.pods.map((pod) => pod.state()),
    };
  }

  /**
   * Brings the pods to the workload as its strategy says: new ones first, ready, then old ones
   * leave. Throws NOT_READY when that does not go on; the old pods that are left go on then.
   */
  async apply(workload: Workload, { signal, patienceMs }: RolloutOptions): Promise<void> {
    this.#workload = workload;
    const hash = hashTemplate(workload.template);
    const abort = () => this.#wake.resolve();
    signal.addEventListener("abort", abort);
    let progress = "";
    let deadline = performance.now() + patienceMs;
    while (!signal.aborted && !this.#isStopped) {
      await this.#step(workload, hash);
      if (this.#isDone(workload, hash)) break;
      this.#refuseIfFailing(hash);
      const now = [...this.#live].map((pod) => pod.state().phase).join();
      if (now !== progress) deadline = performance.now() + patienceMs;
      else if (performance.now() > deadline) throw this.#giveUp(hash, patienceMs);
      progress = now;
      await this.#nextChange(deadline);
    }
    signal.removeEventListener("abort", abort);
  }

  /** Ends all pods, and waits for those that leave already. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake.resolve();
    for (const pod of this.#live) this.#dismiss(pod);
    await Promise.all(this.#leaving.values());
  }

  kill(): void {
    for (const pod of this.pods) pod.kill();
  }

  /** One step of Kubernetes' own rule: never more than the surge, never fewer than may be missing. */
  async #step(workload: Workload, hash: string): Promise<void> {
    const { replicas, strategy } = workload;
    const isOld = (pod: Pod) => pod.hash !== hash;
    if (strategy.kind === "recreate" && [...this.#live].some(isOld)) {
      for (const pod of [...this.#live].filter(isOld)) this.#dismiss(pod);
      await Promise.all(this.#leaving.values());
    }
    const { maxSurge, maxUnavailable } =
      strategy.kind === "rolling" ? strategy : { maxSurge: 0, maxUnavailable: 0 };
    const fresh = [...this.#live].filter((pod) => !isOld(pod));
    const room = replicas + maxSurge - this.#live.size;
    for (let count = Math.min(replicas - fresh.length, room); count > 0; count--) {
      this.#live.add(this.#options.createPod(workload, hash, () => this.#changed()));
    }
    for (const pod of unreadyFirst(fresh).slice(0, Math.max(0, fresh.length - replicas))) {
      this.#dismiss(pod);
    }
    let spare = this.#ready().length - (replicas - maxUnavailable);
    for (const pod of unreadyFirst([...this.#live].filter(isOld))) {
      const ready = pod.state().phase === "ready";
      if (ready && spare <= 0) break;
      if (ready) spare -= 1;
      this.#dismiss(pod);
    }
  }

  #isDone({ replicas }: Workload, hash: string): boolean {
    const pods = [...this.#live];
    return pods.length === replicas && pods.every((pod) => pod.hash === hash && isReady(pod));
  }

  #refuseIfFailing(hash: string): void {
    for (const pod of this.#live) {
      const { restarts, lastEnd, name } = pod.state();
      if (pod.hash === hash && restarts >= MOST_ENDS && !isReady(pod)) {
        const message = `Cannot run ${this.#workload.name}: its pod ${name} ends at its start: ${lastEnd}`;
        throw new UpError(message, { code: "PROGRAM_ENDED" });
      }
    }
  }

  #giveUp(hash: string, patienceMs: number): UpError {
    const waiting = [...this.#live].filter((pod) => pod.hash === hash && !isReady(pod));
    const names = waiting.map((pod) => `${pod.identity.name} (${pod.state().phase})`).join(", ");
    const message = `Cannot run ${this.#workload.name}: not ready within ${patienceMs / 1000} s: ${names}`;
    return new UpError(message, { code: "NOT_READY" });
  }

  #ready(): readonly Pod[] {
    return [...this.#live].filter(isReady);
  }

  #dismiss(pod: Pod): void {
    if (!this.#live.delete(pod)) return;
    const left = pod.stop().then(() => {
      this.#leaving.delete(pod);
      this.#changed();
    });
    this.#leaving.set(pod, left);
  }

  #changed(): void {
    this.#wake.resolve();
    this.#options.changed();
  }

  async #nextChange(deadline: number): Promise<void> {
    const timer = setTimeout(() => this.#wake.resolve(), deadline - performance.now() + 1);
    await this.#wake.promise;
    clearTimeout(timer);
    this.#wake = Promise.withResolvers<void>();
  }
}

function isReady(pod: Pod): boolean {
  return pod.state().phase === "ready";
}

function unreadyFirst(pods: readonly Pod[]): readonly Pod[] {
  return [...pods].sort((one, other) => Number(isReady(one)) - Number(isReady(other)));
}
