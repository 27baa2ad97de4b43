// The sidecars of our pods: for each Deployment and Service port that its environment names, a loopback port.
import type { Source } from "@hookline/mesh";
import type { ServiceListener } from "../data-plane/data-plane.ts";
import { UpError } from "../errors.ts";
import { replaceReferences, type ServiceReference } from "../workloads/references.ts";
import type { ClusterService } from "../workloads/resources.ts";
import type { Workload } from "../workloads/workload.ts";

export interface ServiceListenersOptions {
  /** Opens a port that takes requests of `source` for a port of a Service. */
  readonly listen: (options: {
    readonly source: Source;
    readonly fqdn: string;
    readonly port: number;
  }) => Promise<ServiceListener>;
}

/** A listener on the loopback interface for each Service that a workload calls: its sidecar. */
export class ServiceListeners {
  readonly #options: ServiceListenersOptions;
  readonly #open = new Map<string, ServiceListener>();
  /** A change that is taken back starts pods of before anew: each workload has the Services of its own release. */
  readonly #services = new WeakMap<Workload, readonly ClusterService[]>();

  constructor(options: ServiceListenersOptions) {
    this.#options = options;
  }

  /** Opens what the workloads need and is not open yet. Throws BAD_MANIFEST for a port that no Service has. */
  async open(workloads: readonly Workload[], services: readonly ClusterService[]): Promise<void> {
    const wanted = listWanted(workloads, services);
    for (const workload of workloads) this.#services.set(workload, services);
    const missing = [...wanted].filter(([key]) => !this.#open.has(key));
    await Promise.all(missing.map(([key, options]) => this.#listen(key, options)));
  }

  /** Closes what is open for others: each release whose pods have other labels opens its own. */
  async keepOnly(
    workloads: readonly Workload[],
    services: readonly ClusterService[],
  ): Promise<void> {
    const wanted = listWanted(workloads, services);
    const unwanted = [...this.#open].filter(([key]) => !wanted.has(key));
    for (const [key] of unwanted) this.#open.delete(key);
    await Promise.all(unwanted.map(([, listener]) => listener.close()));
  }

  /** A variable's value with Services replaced by the ports that are open for the workload. */
  localise(workload: Workload, value: string): string {
    return replaceReferences(value, {
      namespace: workload.namespace,
      services: this.#services.get(workload) ?? [],
      portOf: (reference) => {
        const port = this.#open.get(keyOf(workload, reference))?.port;
        // Values are known before pods are started, less what `$(NAME)` makes of them.
        if (port !== undefined) return port;
        const message = `Cannot run Deployment "${workload.name}": the address of Service "${reference.name}" is put together from parts`;
        throw new UpError(message, { code: "UNSUPPORTED" });
      },
    });
  }

  async #listen(key: string, options: ListenOptions): Promise<void> {
    this.#open.set(key, await this.#options.listen(options));
  }
}

type ListenOptions = Parameters<ServiceListenersOptions["listen"]>[0];

/** Each port that the workloads call, by its key. */
function listWanted(
  workloads: readonly Workload[],
  services: readonly ClusterService[],
): ReadonlyMap<string, ListenOptions> {
  const wanted = new Map<string, ListenOptions>();
  for (const workload of workloads) {
    for (const reference of listReferences(workload, services)) {
      const { namespace, name, port } = reference;
      const fqdn = `${name}.${namespace}.svc.cluster.local`;
      wanted.set(keyOf(workload, reference), { source: sourceOf(workload), fqdn, port });
    }
  }
  return wanted;
}

function listReferences(
  workload: Workload,
  services: readonly ClusterService[],
): readonly ServiceReference[] {
  const found: ServiceReference[] = [];
  for (const entry of workload.template.environment) {
    if (entry.kind === "field") continue;
    replaceReferences(entry.value, {
      namespace: workload.namespace,
      services,
      portOf: (reference) => {
        refuseUnknownPort(reference, { workload, services, variable: entry.name });
        found.push(reference);
        return 0;
      },
    });
  }
  return found;
}

function refuseUnknownPort(
  { namespace, name, port }: ServiceReference,
  {
    workload,
    services,
    variable,
  }: {
    readonly workload: Workload;
    readonly services: readonly ClusterService[];
    readonly variable: string;
  },
): void {
  const service = services.find((one) => one.name === name && one.namespace === namespace);
  const ports = service?.ports.map((one) => one.port) ?? [];
  if (ports.includes(port)) return;
  const message = `Cannot run Deployment "${workload.name}": ${variable} names port ${port} of Service "${name}", which has ${ports.join(", ") || "none"}`;
  throw new UpError(message, { code: "BAD_MANIFEST" });
}

function sourceOf({ namespace, template }: Workload): Source {
  const { labels, serviceAccount } = template;
  return { kind: "workload", labels, namespace, serviceAccount };
}

/** Another source of requests has listeners of its own: routes may ask for its labels. */
function keyOf(workload: Workload, { namespace, name, port }: ServiceReference): string {
  return JSON.stringify([sourceOf(workload), namespace, name, port]);
}
