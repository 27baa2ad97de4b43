// All Deployments of ours that run, and the pods that may be sent requests.
import type { Endpoint } from "../data-plane/endpoints.ts";
import { nameOf } from "../workloads/resources.ts";
import type { Workload } from "../workloads/workload.ts";
import { Deployment, type DeploymentOptions, type RolloutOptions } from "./deployment.ts";
import type { Pod } from "./pod.ts";

export class Fleet {
  readonly #options: Pick<DeploymentOptions, "createPod">;
  readonly #deployments = new Map<string, Deployment>();
  readonly #listeners = new Set<() => void>();
  #ready: readonly Endpoint[] | undefined;

  constructor(options: Pick<DeploymentOptions, "createPod">) {
    this.#options = options;
  }

  get deployments(): readonly Deployment[] {
    return [...this.#deployments.values()];
  }

  /** The ready pods; the same list until one changes. */
  ready(): readonly Endpoint[] {
    this.#ready ??= this.deployments.flatMap(({ pods }) => pods.filter(isReady).map(describe));
    return this.#ready;
  }

  /** Calls the listener at every change of a pod; gives what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts what is new and changes over what differs; what is not in the list any more goes on
   * until `prune`. When one does not get ready, all are brought back to what they were, and the
   * reason is thrown.
   */
  async rollOut(workloads: readonly Workload[], options: RolloutOptions): Promise<void> {
    const before = new Map([...this.#deployments].map(([key, { workload }]) => [key, workload]));
    const changes = await Promise.allSettled(
      workloads.map((workload) => this.#open(workload).apply(workload, options)),
    );
    const failure = changes.find((change) => change.status === "rejected");
    if (failure === undefined) return;
    await this.#bringBack(before, options);
    throw failure.reason;
  }

  /** Ends the Deployments that are not in the list. */
  async prune(workloads: readonly Workload[]): Promise<void> {
    const wanted = new Set(workloads.map(keyOf));
    await this.#remove((key) => !wanted.has(key));
  }

  async stop(): Promise<void> {
    await this.#remove(() => true);
  }

  kill(): void {
    for (const deployment of this.deployments) deployment.kill();
  }

  async #bringBack(before: ReadonlyMap<string, Workload>, options: RolloutOptions): Promise<void> {
    await this.#remove((key) => !before.has(key));
    if (options.signal.aborted) return;
    const back = [...before].map(([key, workload]) =>
      this.#deployments.get(key)?.apply(workload, options),
    );
    // What ran before is waited for, but if it does not get ready now there is nothing better to have.
    await Promise.allSettled(back);
  }

  async #remove(isUnwanted: (key: string) => boolean): Promise<void> {
    const unwanted = [...this.#deployments].filter(([key]) => isUnwanted(key));
    await Promise.all(unwanted.map(([, deployment]) => deployment.stop()));
    for (const [key] of unwanted) this.#deployments.delete(key);
    this.#changed();
  }

  #open(workload: Workload): Deployment {
    const key = keyOf(workload);
    const known = this.#deployments.get(key);
    if (known) return known;
    const changed = () => this.#changed();
    const opened = new Deployment(workload, { ...this.#options, changed });
    this.#deployments.set(key, opened);
    return opened;
  }

  #changed(): void {
    this.#ready = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * A Deployment with other labels is another one, as its selector could not be changed either: the
 * old one goes only when the routes lead to the new one.
 */
function keyOf(workload: Workload): string {
  return JSON.stringify([nameOf(workload), Object.entries(workload.template.labels).sort()]);
}

function isReady(pod: Pod): boolean {
  return pod.state().phase === "ready";
}

function describe(pod: Pod): Endpoint {
  const { labels } = pod.template;
  return {
    pod: pod.identity.name,
    namespace: pod.identity.namespace,
    labels,
    workload: pod.identity.workload,
    version: labels["app.kubernetes.io/version"] ?? "",
    ports: pod.ports(),
  };
}
