import type { Decision, Forward } from "@hookline/mesh";
import { addCorsHeaders } from "./cors.ts";
import type { Downstream, RequestHandler } from "./downstream.ts";
import type { Forwarding, ForwardingClient } from "./forwarding.ts";
import { applyHeaderOps } from "./header-ops.ts";
import type { Framing } from "./http/framing.ts";
import { CHUNKED, NO_BODY } from "./http/framing.ts";
import type { ResponseHead } from "./http/head.ts";
import type { HeaderList } from "./http/header-list.ts";
import { removeHopByHop } from "./http/hop-by-hop.ts";
import { askLimiter, limiterFailed, type Verdict } from "./limits.ts";
import { buildReplyHeaders, type LocalReply } from "./local-reply.ts";
import type { MeshProxy, ProxyRequest } from "./mesh-proxy.ts";
import { shadowAuthority } from "./mirror.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { replyFor } from "./reply-for.ts";

const NEVER = Number.POSITIVE_INFINITY;
const NO_OPS = { set: [], add: [], remove: [] };
const FAULT_ABORT = { body: "fault filter abort", flag: "FI", details: "fault_filter_abort" };

/** One request, from its head to its line in the access log. */
export class Exchange implements RequestHandler, ForwardingClient {
  readonly #proxy: MeshProxy;
  readonly #downstream: Downstream;
  readonly #request: ProxyRequest;
  #decision: Decision | undefined;
  #forwarding: Forwarding | undefined;
  #isOver = false;
  #limitHeaders: readonly (readonly [string, string])[] = [];
  /** What came before it was known where to. */
  #early: Buffer[] = [];
  #isRequestDone = false;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #flags: string[] = [];
  #status = 0;
  #details = "";
  #bytesIn = 0;
  #bytesOut = 0;
  #serviceTime: number | undefined;

  constructor(proxy: MeshProxy, downstream: Downstream, request: ProxyRequest) {
    this.#proxy = proxy;
    this.#downstream = downstream;
    this.#request = request;
  }

  get isCongested(): boolean {
    return this.#downstream.wire.isCongested;
  }

  start(): void {
    const { view } = this.#request;
    const decision = this.#proxy.decide(view);
    this.#decision = decision;
    if (decision.kind !== "forward") {
      const asked = decision.kind === "denied" ? undefined : decision.limits;
      this.#limit(asked, () => this.reply(replyFor(decision)));
      return;
    }
    this.#fault(decision, () => this.#limit(decision.limits, () => this.#forward(decision)));
  }

  requestBody(chunk: Buffer): void {
    this.#bytesIn += chunk.length;
    if (this.#forwarding === undefined) {
      this.#early.push(chunk);
      this.#downstream.wire.pauseReading();
      return;
    }
    this.#forwarding.requestBody(chunk);
    if (this.#forwarding.isCongested) this.#downstream.wire.pauseReading();
  }

  requestEnd(): void {
    this.#isRequestDone = true;
    this.#forwarding?.requestEnd();
  }

  requestIdle(): void {
    this.#forwarding?.flush();
  }

  clientDrained(): void {
    this.#forwarding?.clientDrained();
  }

  clientGone(): void {
    if (this.#isOver) return;
    if (this.#status !== 101) {
      this.#flags.push("DC");
      this.#details = "downstream_remote_disconnect";
    }
    this.#forwarding?.cancel();
    this.#finish();
  }

  tunnelBytes(chunk: Buffer): void {
    this.#bytesIn += chunk.length;
    this.#forwarding?.tunnelBytes(chunk);
    if (this.#forwarding?.isCongested === true) this.#downstream.wire.pauseReading();
  }

  tunnelEnded(): void {
    this.#downstream.wire.end();
  }

  /** The client's half of the tunnel is over. */
  clientTunnelEnded(): void {
    this.#forwarding?.tunnelEnd();
  }

  resumeRequest(): void {
    this.#downstream.wire.resumeReading();
  }

  mirror(body: readonly Buffer[] | undefined): void {
    if (this.#decision?.kind !== "forward" || this.#request.upgrade !== undefined) return;
    for (const mirror of this.#decision.mirrors) {
      const request = this.#buildOutgoing(this.#decision);
      request.headers.set("host", shadowAuthority(request.headers.get("host") ?? ""));
      this.#proxy.mirror(mirror, request, { body, timeoutMs: this.#decision.timeoutMs });
    }
  }

  answerHead(head: ResponseHead, framing: Framing): void {
    const { headers, status } = head;
    const upgrade = status === 101 ? (headers.get("upgrade") ?? "") : undefined;
    removeHopByHop(headers);
    this.#serviceTime = Math.round(this.#proxy.now() - this.#request.start);
    headers.set("x-envoy-upstream-service-time", String(this.#serviceTime));
    this.#details = "via_upstream";
    if (upgrade !== undefined) {
      headers.append("connection", "Upgrade");
      headers.append("upgrade", upgrade);
    }
    this.#writeHead(status, headers, framing);
    if (upgrade !== undefined) this.#tunnel();
  }

  answerBody(chunk: Buffer): void {
    this.#bytesOut += chunk.length;
    if (this.#status === 101) this.#downstream.wire.push(chunk);
    else this.#downstream.writeBody(chunk);
  }

  answerEnd(): void {
    this.#finish();
    this.#downstream.writeEnd();
  }

  answerIdle(): void {
    this.#downstream.wire.flush();
  }

  breakOff(flag: string): void {
    const isTunnel = this.#status === 101;
    if (!isTunnel) this.#flags.push(flag);
    this.#finish();
    if (isTunnel) this.#downstream.wire.end();
    else this.#downstream.close();
  }

  reply(reply: LocalReply): void {
    if (this.#isOver) return;
    this.#answer(this.#proxy.mapReply(reply, this.#request.view));
  }

  #answer(reply: LocalReply): void {
    this.#flags.push(reply.flag);
    this.#details = reply.details;
    const length = Buffer.byteLength(reply.body);
    this.#writeHead(
      reply.status,
      buildReplyHeaders(reply),
      length === 0 ? NO_BODY : { kind: "fixed", length },
    );
    if (length > 0) this.#downstream.writeBody(Buffer.from(reply.body));
    this.#bytesOut += length;
    this.#finish();
    this.#downstream.writeEnd();
  }

  #fault({ fault }: Forward, next: () => void): void {
    if (fault === undefined) {
      next();
      return;
    }
    const { delayMs, abortStatus } = fault;
    const then = () => {
      if (this.#isOver) return;
      if (abortStatus === undefined) next();
      else this.reply({ ...FAULT_ABORT, status: abortStatus });
    };
    if (delayMs === undefined) {
      then();
      return;
    }
    this.#flags.push("DI");
    this.#wait = setTimeout(then, delayMs);
  }

  #limit(call: Forward["limits"], next: () => void): void {
    if (call === undefined) {
      next();
      return;
    }
    const then = (verdict: Verdict) => {
      this.#proxy.countVerdict(call, verdict);
      if (this.#isOver) return;
      if (verdict.kind === "reply") this.reply(verdict.reply);
      else if (verdict.kind === "error" && call.failureModeDeny) this.reply(limiterFailed(call));
      else {
        if (verdict.kind === "pass") this.#limitHeaders = verdict.headers;
        next();
      }
    };
    const verdict = askLimiter(this.#proxy.limiter, call);
    if (verdict instanceof Promise) void verdict.then(then);
    else then(verdict);
  }

  #forward(decision: Forward): void {
    const forwarding = this.#proxy.forward(decision, this.#buildOutgoing(decision), this);
    this.#forwarding = forwarding;
    this.#downstream.sendContinue();
    forwarding.start();
    for (const chunk of this.#early) forwarding.requestBody(chunk);
    this.#early = [];
    if (this.#isRequestDone) forwarding.requestEnd();
    else this.#downstream.wire.resumeReading();
    forwarding.flush();
    this.#downstream.wire.flush();
  }

  #buildOutgoing({ request, rewrite, timeoutMs, retries }: Forward): OutgoingRequest {
    const { view, framing, upgrade } = this.#request;
    const headers = view.headers.clone();
    headers.remove("expect");
    // The pod is waited for no longer than one try takes (Envoy's `setTimeoutHeaders`).
    const patience = Math.min(timeoutMs ?? NEVER, retries?.perTryTimeoutMs ?? NEVER);
    if (patience < NEVER) headers.set("x-envoy-expected-rq-timeout-ms", String(patience));
    if (rewrite?.originalPath !== undefined)
      headers.set("x-envoy-original-path", rewrite.originalPath);
    headers.set("host", rewrite?.authority ?? view.authority);
    applyHeaderOps(headers, request);
    if (upgrade !== undefined) {
      headers.set("connection", "Upgrade");
      headers.set("upgrade", upgrade);
    }
    // Whose length was taken away by the route is still a body, not the next request.
    const isUnframed = framing.kind === "fixed" && !headers.has("content-length");
    const path = rewrite?.path ?? view.path;
    return { method: view.method, path, headers, framing: isUnframed ? CHUNKED : framing };
  }

  #writeHead(status: number, headers: HeaderList, framing: Framing): void {
    const decision = this.#decision;
    for (const [name, value] of this.#limitHeaders) headers.set(name, value);
    if (decision?.kind === "forward" && decision.cors !== undefined)
      addCorsHeaders(headers, decision.cors);
    // Like Envoy: the route's operations hold for its own answers too, once the route was taken.
    if (decision !== undefined && "response" in decision)
      applyHeaderOps(headers, decision.response ?? NO_OPS);
    this.#proxy.addServerHeaders(headers);
    this.#status = status;
    this.#downstream.writeHead(status, headers, framing);
  }

  #tunnel(): void {
    const bytes = this.#downstream.startTunnel();
    if (bytes.length > 0) this.tunnelBytes(bytes);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#wait);
    const flags = this.#flags.filter((flag) => flag !== "-");
    this.#proxy.finish({
      request: this.#request,
      decision: this.#decision,
      cluster: this.#forwarding?.cluster,
      target: this.#forwarding?.target,
      attempts: this.#forwarding?.attempts ?? 0,
      status: this.#status,
      flags: flags.length === 0 ? "-" : flags.join(","),
      details: this.#details,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      serviceTime: this.#serviceTime,
    });
  }
}
