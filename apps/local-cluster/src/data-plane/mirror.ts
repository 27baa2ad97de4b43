import type { Mirror } from "@hookline/mesh";
import type { Balancer, Cluster, Target } from "./balancer.ts";
import { type OutgoingRequest, pushBody, pushEnd, pushHead } from "./outgoing-request.ts";
import type { UpstreamConnection, UpstreamSink } from "./upstream-connection.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

/** Mirrored requests under way, at most: a mirror that hangs must not eat the machine. */
const MAX_UNDER_WAY = 256;
/** Envoy's default route timeout, for a live route without one. */
const TIMEOUT_MS = 15_000;

export interface MirrorResult {
  /** "dropped": left out, because its body is too long or too many are under way. */
  readonly outcome: "sent" | "failed" | "dropped";
  readonly destination: Mirror["destination"];
  readonly cluster: Cluster;
  readonly target: Target | undefined;
  /** 0: no answer. */
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
}

export interface MirrorSenderOptions {
  readonly balancer: Balancer;
  readonly pool: UpstreamPool;
  readonly now: () => number;
  readonly onResult: (result: MirrorResult) => void;
}

export interface MirrorBody {
  readonly body: readonly Buffer[] | undefined;
  readonly timeoutMs: number | undefined;
}

interface Forwarding {
  readonly body: readonly Buffer[];
  readonly timeoutMs: number;
  readonly destination: Mirror["destination"];
  readonly cluster: Cluster;
  readonly target: Target;
  /** Told the status of the answer, 0 for none, and its bytes. */
  readonly finish: (status: number, responseBytes: number) => void;
}

/** "app:80" → "app-shadow:80", as Envoy names the host of a mirrored request. */
export function shadowAuthority(authority: string): string {
  const colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(":");
  if (colon <= 0) return `${authority}-shadow`;
  return `${authority.slice(0, colon)}-shadow${authority.slice(colon)}`;
}

/** Sends copies of requests and reads the answers away. Whatever happens to them, nobody waits. */
export class MirrorSender {
  readonly #options: MirrorSenderOptions;
  #underWay = 0;

  constructor(options: MirrorSenderOptions) {
    this.#options = options;
  }

  /** Without a body the request is left out: it was too long to be kept. */
  send(
    { destination }: Mirror,
    request: OutgoingRequest,
    { body, timeoutMs = TIMEOUT_MS }: MirrorBody,
  ): void {
    const { balancer, now, onResult } = this.#options;
    const cluster = balancer.cluster(destination);
    const target = balancer.pick(cluster, destination, []);
    if (body === undefined || this.#underWay >= MAX_UNDER_WAY) {
      const nothing = { status: 0, requestBytes: 0, responseBytes: 0, durationMs: 0 };
      onResult({ outcome: "dropped", destination, cluster, target, ...nothing });
      return;
    }
    const start = now();
    const requestBytes = body.reduce((sum, { length }) => sum + length, 0);
    const finish = (status: number, responseBytes: number) => {
      const outcome = status === 0 || status >= 500 ? "failed" : "sent";
      const figures = { status, requestBytes, responseBytes, durationMs: now() - start };
      onResult({ outcome, destination, cluster, target, ...figures });
    };
    if (target === undefined) {
      finish(503, 0);
      return;
    }
    this.#forward(request, { body, timeoutMs, destination, cluster, target, finish });
  }

  /** Sends the copy to the pod that was picked, and tells how it ended. */
  #forward(request: OutgoingRequest, forwarding: Forwarding): void {
    const { body, timeoutMs, destination, cluster, target, finish } = forwarding;
    const { balancer, pool } = this.#options;
    const connection = pool.take(target.port);
    this.#underWay += 1;
    target.active += 1;
    const sink = new DiscardingSink(connection, (status, bytes) => {
      clearTimeout(timer);
      this.#underWay -= 1;
      target.active -= 1;
      balancer.report(cluster, target, { status: status === 0 ? 503 : status, destination });
      if (status !== 0) pool.give(connection);
      finish(status, bytes);
    });
    const timer = setTimeout(() => sink.giveUp(), timeoutMs);
    connection.begin(request.method, sink);
    pushHead(connection, request, 1);
    for (const chunk of body) pushBody(connection, request, chunk);
    pushEnd(connection, request);
    connection.flush();
  }
}

class DiscardingSink implements UpstreamSink {
  readonly #connection: UpstreamConnection;
  readonly #done: (status: number, bytes: number) => void;
  #status = 0;
  #bytes = 0;
  #isDone = false;

  constructor(connection: UpstreamConnection, done: (status: number, bytes: number) => void) {
    this.#connection = connection;
    this.#done = done;
  }

  responseHead(head: { readonly status: number }): void {
    this.#status = head.status;
    // A mirrored upgrade has nobody to talk to.
    if (head.status === 101) this.giveUp();
  }

  responseBody(chunk: Buffer): void {
    this.#bytes += chunk.length;
  }

  responseEnd(): void {
    this.#finish(this.#status);
  }

  upstreamFailed(): void {
    this.#finish(0);
  }

  upstreamDrained(): void {}
  upstreamIdle(): void {}
  upstreamEnded(): void {}

  giveUp(): void {
    this.#connection.destroy();
    this.#finish(0);
  }

  #finish(status: number): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#done(status, this.#bytes);
  }
}
