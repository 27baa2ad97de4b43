import type { Forward } from "@hookline/mesh";
import { Attempt, type AttemptOwner } from "./attempt.ts";
import type { Balancer, Cluster, Target } from "./balancer.ts";
import { BodyCopy } from "./body-copy.ts";
import type { Framing } from "./http/framing.ts";
import type { ResponseHead } from "./http/head.ts";
import { type LocalReply, NO_HEALTHY_UPSTREAM, UPSTREAM_TIMEOUT } from "./local-reply.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { drawBackoff, isRetriableAnswer, isRetriableFailure, type TryFailure } from "./retry.ts";
import { describeFailure, statusOfFailure } from "./upstream-failure.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

/** Who gets the answer. */
export interface ForwardingClient {
  answerHead(head: ResponseHead, framing: Framing): void;
  answerBody(chunk: Buffer): void;
  answerEnd(): void;
  answerIdle(): void;
  /** No pod answers; nothing of an answer was given yet. */
  reply(reply: LocalReply): void;
  /** The answer broke off after its head. */
  breakOff(flag: string): void;
  /** The pod takes more of the body. */
  resumeRequest(): void;
  tunnelEnded(): void;
  /** The whole body came; undefined when it is too long to be sent again. */
  mirror(body: readonly Buffer[] | undefined): void;
  readonly isCongested: boolean;
}

export interface ForwardingOptions {
  readonly decision: Forward;
  readonly request: OutgoingRequest;
  readonly balancer: Balancer;
  readonly pool: UpstreamPool;
  readonly random: () => number;
  readonly client: ForwardingClient;
}

/** Brings one request to a pod, with retries and timeouts, and its answer back. */
export class Forwarding implements AttemptOwner {
  readonly cluster: Cluster;
  attempts = 0;
  /** The pod of the last try. */
  target: Target | undefined;
  readonly #options: ForwardingOptions;
  readonly #tried: Target[] = [];
  readonly #copy: BodyCopy | undefined;
  #attempt: Attempt | undefined;
  #isRequestDone = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #backoff: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #hasHead = false;

  constructor(options: ForwardingOptions) {
    this.#options = options;
    const { decision, request, balancer } = options;
    this.cluster = balancer.cluster(decision.destination);
    const wantsCopy = (decision.retries?.attempts ?? 0) > 0 || decision.mirrors.length > 0;
    this.#copy = wantsCopy && request.framing.kind !== "none" ? new BodyCopy() : undefined;
  }

  get isCongested(): boolean {
    return this.#attempt?.connection.isCongested ?? false;
  }

  start(): void {
    const { decision, balancer, pool, request, client } = this.#options;
    const target = balancer.pick(this.cluster, decision.destination, this.#tried);
    if (target === undefined) {
      this.#finish();
      client.reply(
        this.attempts > 0 ? { ...NO_HEALTHY_UPSTREAM, flag: "UH,URX" } : NO_HEALTHY_UPSTREAM,
      );
      return;
    }
    this.attempts += 1;
    this.target = target;
    this.#tried.push(target);
    const { connectTimeoutMs } = decision.destination.policy ?? {};
    const connection = pool.take(target.port, connectTimeoutMs);
    const { cluster } = this;
    const attempt = new Attempt({
      number: this.attempts,
      cluster,
      target,
      connection,
      request,
      owner: this,
    });
    this.#attempt = attempt;
    for (const chunk of this.#copy?.chunks ?? []) attempt.sendBody(chunk);
    if (this.#isRequestDone) this.#sendEnd(attempt);
    connection.flush();
    // The last try's connection may have taken no more, and one that is open already does not tell that it does.
    if (!connection.isCongested) client.resumeRequest();
  }

  /** The pod has the whole request: from here on it may be too slow (Envoy's `setupPerTryTimeout`). */
  #sendEnd(attempt: Attempt): void {
    attempt.sendEnd();
    const { perTryTimeoutMs } = this.#options.decision.retries ?? {};
    if (perTryTimeoutMs !== undefined) attempt.startTimer(perTryTimeoutMs);
  }

  requestBody(chunk: Buffer): void {
    this.#copy?.add(chunk);
    this.#attempt?.sendBody(chunk);
  }

  requestEnd(): void {
    const { decision, client } = this.#options;
    this.#isRequestDone = true;
    if (this.#attempt !== undefined) this.#sendEnd(this.#attempt);
    this.#attempt?.connection.flush();
    if (this.#isOver) return;
    // Envoy starts the clock when it has the whole request.
    if (decision.timeoutMs !== undefined)
      this.#timer = setTimeout(() => this.#timedOut(), decision.timeoutMs);
    const isTooLong = this.#copy?.isWhole === false;
    client.mirror(isTooLong ? undefined : (this.#copy?.chunks ?? []));
  }

  flush(): void {
    this.#attempt?.connection.flush();
  }

  /** The client takes more. */
  clientDrained(): void {
    this.#attempt?.connection.resumeReading();
  }

  /** Nobody waits for the answer any more. */
  cancel(): void {
    this.#attempt?.abandon();
    this.#finish();
  }

  tunnelBytes(chunk: Buffer): void {
    this.#attempt?.connection.push(chunk);
    this.#attempt?.connection.flush();
  }

  tunnelEnd(): void {
    this.#attempt?.connection.endWriting();
  }

  tryHead(attempt: Attempt, head: ResponseHead, framing: Framing): void {
    const { decision, client, balancer } = this.#options;
    const { destination, retries } = decision;
    balancer.report(attempt.cluster, attempt.target, { status: head.status, destination });
    const isRetriable =
      retries !== undefined && isRetriableAnswer(retries, head.status, head.headers);
    if (isRetriable && this.#retry()) {
      attempt.abandon();
      return;
    }
    this.#hasHead = true;
    // A tunnel lives as long as its ends want.
    if (head.status === 101) clearTimeout(this.#timer);
    client.answerHead(head, framing);
  }

  tryBody(attempt: Attempt, chunk: Buffer): void {
    this.#options.client.answerBody(chunk);
    if (this.#options.client.isCongested) attempt.connection.pauseReading();
  }

  tryEnd(attempt: Attempt): void {
    const { client, pool, decision } = this.#options;
    // A pod that answers before it has the whole request gets no other on this connection.
    if (attempt.complete()) {
      attempt.connection.resumeReading();
      pool.give(attempt.connection, decision.destination.policy?.maxRequestsPerConnection);
    } else attempt.connection.destroy();
    this.#finish();
    client.answerEnd();
  }

  tryFailed(attempt: Attempt, failure: TryFailure): void {
    const { decision, client, balancer } = this.#options;
    const { destination, retries } = decision;
    const status = statusOfFailure(failure);
    balancer.report(attempt.cluster, attempt.target, { status, destination });
    if (this.#hasHead) {
      this.#finish();
      client.breakOff(failure === "protocol" ? "UPE" : "UC");
      return;
    }
    const isRetriable =
      retries !== undefined && isRetriableFailure(retries, { failure, wasSent: attempt.wasSent });
    if (isRetriable && this.#retry()) return;
    this.#finish();
    const isExhausted = isRetriable && this.attempts > (retries?.attempts ?? 0);
    client.reply(describeFailure(failure, { attempts: this.attempts, isExhausted }));
  }

  tryDrained(): void {
    this.#options.client.resumeRequest();
  }

  tryIdle(): void {
    this.#options.client.answerIdle();
  }

  tryTunnelEnded(): void {
    this.#options.client.tunnelEnded();
  }

  /** Whether another try will be made. */
  #retry(): boolean {
    const { decision, random } = this.#options;
    if (this.#isOver || this.attempts > (decision.retries?.attempts ?? 0)) return false;
    const { framing } = this.#options.request;
    if (framing.kind !== "none" && this.#copy?.isWhole !== true) return false;
    this.#attempt = undefined;
    this.#backoff = setTimeout(() => this.#startAgain(), drawBackoff(this.attempts, random));
    return true;
  }

  #startAgain(): void {
    if (this.#copy !== undefined && !this.#copy.isWhole) {
      // What came meanwhile is too long to be kept.
      this.#finish();
      const { attempts } = this;
      this.#options.client.reply(describeFailure("reset", { attempts, isExhausted: false }));
      return;
    }
    this.start();
  }

  #timedOut(): void {
    const { client, balancer, decision } = this.#options;
    const attempt = this.#attempt;
    if (attempt !== undefined && !this.#hasHead)
      balancer.report(attempt.cluster, attempt.target, {
        status: 504,
        destination: decision.destination,
      });
    this.cancel();
    if (this.#hasHead) client.breakOff("UT");
    else client.reply(UPSTREAM_TIMEOUT);
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#backoff);
  }
}
