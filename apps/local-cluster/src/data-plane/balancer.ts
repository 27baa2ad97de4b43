import type { Destination, Labels, Mesh, MeshService } from "@hookline/mesh";
import type { Endpoint, EndpointSource } from "./endpoints.ts";
import { createHealth, type Health, isHealthy, reportAnswer } from "./outlier.ts";

/** A pod as one destination sees it. */
export interface Target {
  readonly endpoint: Endpoint;
  /** On the loopback interface. */
  readonly port: number;
  readonly health: Health;
  /** Requests under way. */
  active: number;
}

/** The pods of one destination: what Envoy calls a cluster. */
export interface Cluster {
  /** Istio's name, as "outbound|80|v1|app.hookline.svc.cluster.local". */
  readonly name: string;
  readonly service: MeshService | undefined;
  readonly targets: readonly Target[];
  next: number;
  ejections: number;
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  for (const name in wanted) if (labels[name] !== wanted[name]) return false;
  return true;
}

/** Chooses pods. Knows which are ready, how busy each is and which are ejected. */
export class Balancer {
  #services: ReadonlyMap<string, MeshService>;
  /** By the name and the labels: each proxy has rules of its own, and a request under way those from before. */
  #clusters = new Map<string, Cluster>();
  #known = new WeakMap<Destination, Cluster>();
  #memory = new Map<string, Target>();
  readonly #source: EndpointSource;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #unsubscribe: () => void;

  constructor(
    mesh: Mesh,
    options: {
      endpoints: EndpointSource;
      random: () => number;
      now: () => number;
      onChange: (ports: ReadonlySet<number>) => void;
    },
  ) {
    this.#services = new Map(mesh.services.map((one) => [one.fqdn, one]));
    this.#source = options.endpoints;
    this.#random = options.random;
    this.#now = options.now;
    this.#unsubscribe = options.endpoints.subscribe(() => {
      this.#forgetClusters();
      this.#forgetGone();
      options.onChange(new Set(this.#source.ready().flatMap((one) => [...one.ports.values()])));
    });
  }

  update(mesh: Mesh): void {
    this.#services = new Map(mesh.services.map((one) => [one.fqdn, one]));
    this.#forgetClusters();
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Those that were asked for since the pods last changed, each name once. */
  clusters(): readonly Pick<Cluster, "ejections" | "name" | "targets">[] {
    const groups = Map.groupBy(this.#clusters.values(), ({ name }) => name);
    return [...groups].map(([name, same]) => ({
      name,
      targets: [...new Set(same.flatMap(({ targets }) => targets))],
      ejections: same.reduce((sum, { ejections }) => sum + ejections, 0),
    }));
  }

  cluster(destination: Destination): Cluster {
    const known = this.#known.get(destination);
    if (known !== undefined) return known;
    const { fqdn, port, subset, namespace, labels } = destination;
    const name = `outbound|${port}|${subset ?? ""}|${fqdn}`;
    const key = JSON.stringify([name, namespace, Object.entries(labels).sort()]);
    const cluster = this.#clusters.get(key) ?? this.#open(name, destination);
    this.#clusters.set(key, cluster);
    this.#known.set(destination, cluster);
    return cluster;
  }

  /** A healthy pod that was not tried; one that was tried if there is no other; undefined if there is none. */
  pick(cluster: Cluster, destination: Destination, tried: readonly Target[]): Target | undefined {
    const now = this.#now();
    const healthy = cluster.targets.filter((one) => isHealthy(one.health, now));
    const fresh = tried.length === 0 ? healthy : healthy.filter((one) => !tried.includes(one));
    const choice = fresh.length === 0 ? healthy : fresh;
    if (choice.length < 2) return choice[0];
    const at = () => choice[Math.floor(this.#random() * choice.length)];
    const loadBalancer = destination.policy?.loadBalancer ?? "LEAST_REQUEST";
    if (loadBalancer === "RANDOM") return at();
    if (loadBalancer === "ROUND_ROBIN") {
      cluster.next = (cluster.next + 1) % choice.length;
      return choice[cluster.next];
    }
    // Envoy's least request: the less busy of two drawn at random.
    const one = at();
    const other = at();
    return one === undefined || (other !== undefined && other.active < one.active) ? other : one;
  }

  /** Counts what a pod answered: its status, or what Envoy would make of no answer. */
  report(
    cluster: Cluster,
    target: Target,
    { status, destination }: { status: number; destination: Destination },
  ): void {
    const outlier = destination.policy?.outlier;
    if (outlier === undefined) return;
    const all = cluster.targets.map((each) => each.health);
    const isEjected = reportAnswer(target.health, status, {
      policy: outlier,
      now: this.#now(),
      all,
    });
    if (isEjected) cluster.ejections += 1;
  }

  #open(name: string, destination: Destination): Cluster {
    const service = this.#services.get(destination.fqdn);
    const targets = this.#findTargets(name, destination, service);
    return { name, service, targets, next: 0, ejections: 0 };
  }

  #forgetClusters(): void {
    this.#clusters.clear();
    this.#known = new WeakMap();
  }

  #findTargets(
    name: string,
    destination: Destination,
    service: MeshService | undefined,
  ): readonly Target[] {
    const port = service?.ports.find((each) => each.port === destination.port);
    if (port === undefined || Object.keys(destination.labels).length === 0) return [];
    return this.#source.ready().flatMap((endpoint) => {
      if (endpoint.namespace !== destination.namespace) return [];
      if (!hasLabels(endpoint.labels, destination.labels)) return [];
      const real = endpoint.ports.get(port.targetPort);
      return real === undefined ? [] : [this.#remember(`${name} ${endpoint.pod}`, endpoint, real)];
    });
  }

  #forgetGone(): void {
    const ready = new Set(this.#source.ready().map(({ pod }) => pod));
    for (const [key, { endpoint }] of this.#memory)
      if (!ready.has(endpoint.pod)) this.#memory.delete(key);
  }

  /** The same object for the same pod, so that what is known of it outlives a change of the others. */
  #remember(key: string, endpoint: Endpoint, port: number): Target {
    const known = this.#memory.get(key);
    if (known !== undefined && known.port === port) return known;
    const target = { endpoint, port, health: createHealth(), active: 0 };
    this.#memory.set(key, target);
    return target;
  }
}
