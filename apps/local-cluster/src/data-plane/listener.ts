import type { TCPSocketListener } from "bun";
import { Downstream, type DownstreamHost, type RequestHandler } from "./downstream.ts";
import { applyEdgeHeaders, applySidecarHeaders } from "./edge-headers.ts";
import { Exchange } from "./exchange.ts";
import type { Framing } from "./http/framing.ts";
import type { RequestHead } from "./http/head.ts";
import { removeHopByHop } from "./http/hop-by-hop.ts";
import { HttpError } from "./http/http-error.ts";
import type { MeshProxy } from "./mesh-proxy.ts";
import { readTarget } from "./read-target.ts";
import { RequestView } from "./request-view.ts";
import { isLoopbackHost, StatusHandler, type StatusPage } from "./status-handler.ts";

const SWEEP_MS = 5_000;

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly proxy: MeshProxy;
  /** A gateway's clients are outside; a sidecar's is its own program. */
  readonly isEdge: boolean;
  /** Where the callers of a sidecar want to go: the Service's port. */
  readonly servicePort?: number;
  /** The Service's name, for callers that came by an address. */
  readonly authority?: string;
  readonly status?: StatusPage;
}

/** One listening port and its connections. */
export class Listener implements DownstreamHost {
  isDraining = false;
  readonly port: number;
  readonly #options: ListenerOptions;
  readonly #connections = new Set<Downstream>();
  readonly #server: TCPSocketListener<{ downstream: Downstream | undefined }>;
  readonly #sweeper: ReturnType<typeof setInterval>;
  #onEmpty: (() => void) | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = Bun.listen<{ downstream: Downstream | undefined }>({
      hostname: options.host,
      port: options.port,
      allowHalfOpen: true,
      data: { downstream: undefined },
      socket: {
        open: (socket) => {
          const downstream = new Downstream(socket, this);
          socket.data = { downstream };
          this.#connections.add(downstream);
        },
        data: ({ data }, bytes) => data.downstream?.takeBytes(bytes),
        drain: ({ data }) => data.downstream?.wire.drained(),
        end: ({ data }) => data.downstream?.takeFin(),
        close: ({ data }) => data.downstream?.takeClose(),
        error: ({ data }) => data.downstream?.close(),
      },
    });
    this.port = this.#server.port;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  get connections(): number {
    return this.#connections.size;
  }

  begin(downstream: Downstream, head: RequestHead, framing: Framing): RequestHandler {
    const target = this.#readTarget(head);
    const { status } = this.#options;
    const { path } = target;
    if (
      status !== undefined &&
      /^\/_local(?:[/?]|$)/.test(path) &&
      isLoopbackHost(target.authority)
    )
      return new StatusHandler(downstream, { head, page: status, ...target });
    return this.#exchange(downstream, head, { framing, ...target });
  }

  closed(downstream: Downstream): void {
    this.#connections.delete(downstream);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Takes no new connections; the requests under way are answered, what is left after that time is cut. */
  async stop(drainMs: number): Promise<void> {
    this.isDraining = true;
    this.#server.stop();
    clearInterval(this.#sweeper);
    for (const one of [...this.#connections]) one.drain();
    if (this.#connections.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onEmpty = resolve;
      const timer = setTimeout(resolve, drainMs);
      await promise;
      clearTimeout(timer);
    }
    for (const one of [...this.#connections]) one.close();
  }

  #exchange(
    downstream: Downstream,
    { method, headers }: RequestHead,
    { framing, authority, path }: { framing: Framing; authority: string; path: string },
  ): Exchange {
    const { proxy, isEdge, servicePort, port } = this.#options;
    const upgrade = readUpgrade(headers.get("upgrade"), headers.get("connection"));
    removeHopByHop(headers);
    const { clientAddress } = downstream;
    if (isEdge) applyEdgeHeaders(headers, clientAddress);
    else applySidecarHeaders(headers);
    const view = new RequestView({
      method,
      authority,
      path,
      clientAddress,
      port: servicePort ?? port,
      headers,
    });
    const exchange = new Exchange(proxy, downstream, {
      view,
      framing,
      upgrade,
      start: performance.now(),
    });
    proxy.begin();
    exchange.start();
    return exchange;
  }

  /** A caller that knows the Service only by this listener's address means the Service. */
  #readTarget(head: RequestHead): { readonly authority: string; readonly path: string } {
    const target = readTarget(head);
    const { authority } = this.#options;
    return authority !== undefined && isLoopbackHost(target.authority)
      ? { ...target, authority }
      : target;
  }

  #sweep(): void {
    const now = performance.now();
    for (const one of this.#connections) one.sweep(now);
  }
}

/** The protocol to go over to. Istio takes WebSocket only; an upgrade to HTTP/2 is passed over, as RFC 9110 lets a server do. */
function readUpgrade(
  upgrade: string | undefined,
  connection: string | undefined,
): string | undefined {
  if (upgrade === undefined || connection === undefined) return undefined;
  if (
    !connection
      .toLowerCase()
      .split(",")
      .some((one) => one.trim() === "upgrade")
  )
    return undefined;
  const protocol = upgrade.toLowerCase();
  if (protocol === "websocket") return upgrade;
  if (protocol === "h2c") return undefined;
  throw new HttpError("Cannot go over to this protocol", { status: 403, isOfCodec: false });
}
