import type { Mesh, Source } from "@hookline/mesh";
import type { AccessLogEntry } from "./access-log.ts";
import { Balancer } from "./balancer.ts";
import type { EndpointSource } from "./endpoints.ts";
import type { AskLimiter } from "./limits.ts";
import { Listener } from "./listener.ts";
import { MeshProxy, type Shared } from "./mesh-proxy.ts";
import { renderEnvoyMetrics } from "./metrics/envoy-metrics.ts";
import { IstioMetrics } from "./metrics/istio-metrics.ts";
import { isHealthy } from "./outlier.ts";
import { isLoopbackAddress, type StatusPage } from "./status-handler.ts";
import { Traffic, type TrafficSnapshot } from "./traffic.ts";
import { UpstreamPool } from "./upstream-pool.ts";

export type { AccessLogEntry } from "./access-log.ts";

export interface DataPlaneOptions {
  readonly mesh: Mesh;
  readonly endpoints: EndpointSource;
  readonly limiter: AskLimiter;
  /** Gets each request when it is over. */
  readonly log: (line: AccessLogEntry) => void;
  /** In place of the machine's clocks, in ms since 1970. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

export interface ListenGatewayOptions {
  readonly port: number;
  readonly host: string;
  /** The gateway of a mesh: with another one it may have another port, or other labels. */
  readonly source: (mesh: Mesh) => Source;
  /** Answers what begins with /_local, for this machine only. */
  readonly status?: StatusPage;
}

export interface ListenServiceOptions {
  /** The calling workload. */
  readonly source: Source;
  readonly fqdn: string;
  /** The Service's. */
  readonly port: number;
}

/** The caller's sidecar for one port of a Service, as long as the caller is there. */
export interface ServiceListener {
  readonly port: number;
  /** What is under way is answered first; nothing may be sent there any more. */
  close(): Promise<void>;
}

export interface DataPlane {
  listenGateway(options: ListenGatewayOptions): Promise<{ readonly port: number }>;
  /** One listener for each calling workload and Service's port: the caller's sidecar. */
  listenService(options: ListenServiceOptions): Promise<ServiceListener>;
  /** Requests that come from now on are decided by the new mesh; those under way end on the old one. */
  update(mesh: Mesh): void;
  /** In Prometheus' text format. */
  metrics(): string;
  snapshot(): TrafficSnapshot;
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

const DRAIN_MS = 5_000;

/** What Istio's gateway and sidecars are in a cluster: listeners on the loopback interface that obey a mesh. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  let { mesh } = options;
  const shared = createShared(options);
  const { balancer, pool, traffic, metrics } = shared;
  const listeners = new Set<{ readonly listener: Listener; readonly proxy: MeshProxy }>();

  function listen(
    sourceOf: (mesh: Mesh) => Source,
    how: Omit<ConstructorParameters<typeof Listener>[0], "proxy">,
  ) {
    const proxy = new MeshProxy(mesh, sourceOf, shared);
    const listener = new Listener({ ...how, proxy });
    const one = { listener, proxy };
    listeners.add(one);
    const close = async () => {
      listeners.delete(one);
      await listener.stop(DRAIN_MS);
    };
    return Promise.resolve({ port: listener.port, close });
  }
  const countConnections = () =>
    [...listeners].reduce((sum, one) => sum + one.listener.connections, 0);

  return {
    async listenGateway({ port, host, source, status }) {
      // A page that tells about the machine is for the machine.
      const shown = status !== undefined && isLoopbackAddress(host) ? { status } : {};
      return await listen(source, { host, port, isEdge: true, ...shown });
    },
    async listenService({ source, port, fqdn }) {
      const authority = port === 80 ? fqdn : `${fqdn}:${port}`;
      const how = { host: "127.0.0.1", port: 0, isEdge: false, servicePort: port, authority };
      return await listen(() => source, how);
    },
    update(next) {
      // What can throw comes first, so that either all of the new mesh holds or nothing of it.
      const swaps = [...listeners].map(({ proxy }) => proxy.prepare(next));
      mesh = next;
      balancer.update(next);
      for (const swap of swaps) swap();
    },
    metrics: () =>
      metrics.render() + renderEnvoyMetrics(shared, { connections: countConnections() }),
    snapshot: () => takeSnapshot(shared, countConnections()),
    async stop({ drainMs = DRAIN_MS } = {}) {
      await Promise.all([...listeners].map(({ listener }) => listener.stop(drainMs)));
      balancer.close();
      pool.close();
      traffic.underWay = 0;
    },
  };
}

function createShared({
  mesh,
  endpoints,
  limiter,
  log,
  now,
  random = Math.random,
}: DataPlaneOptions): Shared {
  const clock = now ?? Date.now;
  const steady = now ?? (() => performance.now());
  const pool = new UpstreamPool(steady);
  return {
    pool,
    balancer: new Balancer(mesh, {
      endpoints,
      random,
      now: steady,
      onChange: (ports) => pool.keepOnly(ports),
    }),
    limiter,
    metrics: new IstioMetrics(),
    traffic: new Traffic(clock),
    log,
    random,
    clock,
    steady,
  };
}

function takeSnapshot({ traffic, balancer, steady }: Shared, connections: number): TrafficSnapshot {
  const now = steady();
  const { ok, overLimit, errors } = traffic.limiter;
  return {
    requests: traffic.requests,
    underWay: traffic.underWay,
    connections,
    splits: traffic.splits(),
    mirrors: traffic.mirrors(),
    limits: traffic.limits(),
    limiter: { ok, overLimit, errors },
    clusters: balancer.clusters().map(({ name, targets }) => ({
      name,
      pods: targets.map(({ endpoint, active, health }) => ({
        pod: endpoint.pod,
        active,
        isEjected: !isHealthy(health, now),
      })),
    })),
  };
}
