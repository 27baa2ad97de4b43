import type { Cluster, Target } from "./balancer.ts";
import type { Framing } from "./http/framing.ts";
import type { ResponseHead } from "./http/head.ts";
import { type OutgoingRequest, pushBody, pushEnd, pushHead } from "./outgoing-request.ts";
import type { TryFailure } from "./retry.ts";
import type { UpstreamConnection, UpstreamSink } from "./upstream-connection.ts";

/** Who is told how a try goes. */
export interface AttemptOwner {
  tryHead(attempt: Attempt, head: ResponseHead, framing: Framing): void;
  tryBody(attempt: Attempt, chunk: Buffer): void;
  tryEnd(attempt: Attempt): void;
  tryFailed(attempt: Attempt, failure: TryFailure): void;
  tryDrained(): void;
  tryIdle(): void;
  tryTunnelEnded(): void;
}

export interface AttemptOptions {
  readonly number: number;
  readonly cluster: Cluster;
  readonly target: Target;
  readonly connection: UpstreamConnection;
  readonly request: OutgoingRequest;
  readonly owner: AttemptOwner;
}

/** One try of a request at one pod. */
export class Attempt implements UpstreamSink {
  readonly cluster: Cluster;
  readonly target: Target;
  readonly connection: UpstreamConnection;
  /** Whether the whole request was handed to the connection. */
  isSent = false;
  hasHead = false;
  readonly #request: OutgoingRequest;
  readonly #owner: AttemptOwner;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ number, cluster, target, connection, request, owner }: AttemptOptions) {
    this.cluster = cluster;
    this.target = target;
    this.connection = connection;
    this.#request = request;
    this.#owner = owner;
    target.active += 1;
    connection.begin(request.method, this);
    pushHead(connection, request, number);
  }

  /** Whether some of the request may have reached the pod: a new connection that failed took nothing. */
  get wasSent(): boolean {
    return this.connection.isOpen;
  }

  sendBody(chunk: Buffer): void {
    pushBody(this.connection, this.#request, chunk);
  }

  sendEnd(): void {
    this.isSent = true;
    pushEnd(this.connection, this.#request);
  }

  startTimer(ms: number): void {
    this.#timer = setTimeout(() => {
      if (this.hasHead) return;
      this.abandon();
      this.#owner.tryFailed(this, "try-timeout");
    }, ms);
  }

  /** Gives the pod up; nothing more is told of this try. */
  abandon(): void {
    if (this.#close()) this.connection.destroy();
  }

  /** The answer was read to its end; gives whether the connection can be kept. */
  complete(): boolean {
    this.#close();
    return this.isSent;
  }

  #close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.target.active -= 1;
    return true;
  }

  responseHead(head: ResponseHead, framing: Framing): void {
    this.hasHead = true;
    if (!this.#isOver) this.#owner.tryHead(this, head, framing);
  }

  responseBody(chunk: Buffer): void {
    if (!this.#isOver) this.#owner.tryBody(this, chunk);
  }

  responseEnd(): void {
    if (!this.#isOver) this.#owner.tryEnd(this);
  }

  upstreamFailed(failure: TryFailure): void {
    if (this.#close()) this.#owner.tryFailed(this, failure);
  }

  upstreamDrained(): void {
    if (!this.#isOver) this.#owner.tryDrained();
  }

  upstreamIdle(): void {
    if (!this.#isOver) this.#owner.tryIdle();
  }

  upstreamEnded(): void {
    if (!this.#isOver) this.#owner.tryTunnelEnded();
  }
}
