import { UpstreamConnection } from "./upstream-connection.ts";

/** Shorter than the ten seconds after which Bun's servers close an idle connection: we close first. */
const IDLE_MS = 4_000;
const MAX_IDLE = 128;
/** Istio's default connect timeout. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Connections to pods that wait for the next request. The one used last is taken first. */
export class UpstreamPool {
  readonly #idle = new Map<number, UpstreamConnection[]>();
  readonly #all = new Set<UpstreamConnection>();
  /** Of the pods that are ready; undefined before they have ever changed. */
  #ports: ReadonlySet<number> | undefined;
  readonly #now: () => number;
  readonly #sweeper: ReturnType<typeof setInterval>;

  constructor(now: () => number) {
    this.#now = now;
    this.#sweeper = setInterval(() => this.#sweep(), IDLE_MS / 2);
    this.#sweeper.unref();
  }

  get open(): number {
    return this.#all.size;
  }

  take(port: number, connectTimeoutMs = CONNECT_TIMEOUT_MS): UpstreamConnection {
    const idle = this.#idle.get(port);
    const oldest = this.#now() - IDLE_MS;
    for (let one = idle?.pop(); one !== undefined; one = idle?.pop()) {
      if (!one.isClosed && one.idleSince >= oldest) return one;
      one.destroy();
    }
    const connection = new UpstreamConnection({
      port,
      connectTimeoutMs,
      onClose: (closed) => this.#forget(closed),
    });
    this.#all.add(connection);
    return connection;
  }

  /** Takes a connection back, or closes it. */
  give(connection: UpstreamConnection, maxRequests = Number.POSITIVE_INFINITY): void {
    connection.detachSink();
    const idle = this.#idle.get(connection.port) ?? [];
    const isWanted = this.#ports?.has(connection.port) ?? true;
    const isFull = connection.requests >= maxRequests || idle.length >= MAX_IDLE;
    if (!connection.isReusable || !isWanted || isFull) {
      connection.destroy();
      return;
    }
    connection.idleSince = this.#now();
    if (idle.push(connection) === 1) this.#idle.set(connection.port, idle);
  }

  /** Closes what waits for pods that are gone; what carries a request goes on. */
  keepOnly(ports: ReadonlySet<number>): void {
    this.#ports = ports;
    for (const [port, idle] of this.#idle) {
      if (ports.has(port)) continue;
      this.#idle.delete(port);
      for (const connection of idle) connection.destroy();
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const connection of [...this.#all]) connection.destroy();
  }

  #sweep(): void {
    const oldest = this.#now() - IDLE_MS;
    for (const idle of this.#idle.values())
      while (idle[0] !== undefined && idle[0].idleSince < oldest) idle.shift()?.destroy();
  }

  #forget(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const idle = this.#idle.get(connection.port);
    const at = idle?.indexOf(connection) ?? -1;
    if (at !== -1) idle?.splice(at, 1);
  }
}
