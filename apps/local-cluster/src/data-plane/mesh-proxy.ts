import { messageOf } from "@hookline/command-line";
import type { Decision, Forward, LimitCall, Mesh, Mirror, Router, Source } from "@hookline/mesh";
import type { AccessLogEntry } from "./access-log.ts";
import type { Balancer, Cluster, Target } from "./balancer.ts";
import { Forwarding, type ForwardingClient } from "./forwarding.ts";
import type { Framing } from "./http/framing.ts";
import type { HeaderList } from "./http/header-list.ts";
import type { AskLimiter, Verdict } from "./limits.ts";
import { addHeaders, type LocalReply } from "./local-reply.ts";
import { type IstioMetrics, type Party, UNKNOWN_PARTY } from "./metrics/istio-metrics.ts";
import { type MirrorResult, MirrorSender } from "./mirror.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { describeEndpoint, describeSource } from "./party.ts";
import type { RequestView } from "./request-view.ts";
import { describeNobody, type Traffic } from "./traffic.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

/** What all listeners of a data plane share. */
export interface Shared {
  readonly balancer: Balancer;
  readonly pool: UpstreamPool;
  readonly limiter: AskLimiter;
  readonly metrics: IstioMetrics;
  readonly traffic: Traffic;
  readonly log: (line: AccessLogEntry) => void;
  readonly random: () => number;
  /** In ms, since 1970. */
  readonly clock: () => number;
  /** In ms; goes on evenly when someone sets the machine's clock. */
  readonly steady: () => number;
}

export interface ProxyRequest {
  readonly view: RequestView;
  readonly framing: Framing;
  /** The protocol that the client wants to go over to, as "websocket". */
  readonly upgrade: string | undefined;
  /** In ms, of `performance.now()`. */
  readonly start: number;
}

export interface FinishedExchange {
  readonly request: ProxyRequest;
  readonly decision: Decision | undefined;
  readonly cluster: Cluster | undefined;
  readonly target: Target | undefined;
  readonly attempts: number;
  readonly status: number;
  readonly flags: string;
  readonly details: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly serviceTime: number | undefined;
}

const BOTH = ["source", "destination"] as const;
const SOURCE_ONLY = ["source"] as const;
const DESTINATION_ONLY = ["destination"] as const;

/** The gateway, or the sidecar of one workload: decides, forwards and tells. */
export class MeshProxy {
  readonly limiter: AskLimiter;
  readonly #shared: Shared;
  readonly #sourceOf: (mesh: Mesh) => Source;
  readonly #mirrors: MirrorSender;
  #mesh: Mesh;
  #source: Source;
  #router: Router;
  #party: Party;
  #parties = new WeakMap<Target, Party>();
  #date = "";
  #dateSecond = 0;

  constructor(mesh: Mesh, sourceOf: (mesh: Mesh) => Source, shared: Shared) {
    this.#shared = shared;
    this.#sourceOf = sourceOf;
    this.limiter = shared.limiter;
    this.#mesh = mesh;
    this.#source = sourceOf(mesh);
    this.#router = mesh.router(this.#source);
    this.#party = describeSource(this.#source, mesh);
    this.#mirrors = new MirrorSender({
      balancer: shared.balancer,
      pool: shared.pool,
      now: () => performance.now(),
      onResult: (result) => this.#finishMirror(result),
    });
  }

  /** Compiles the mesh, which may throw; gives what makes it hold. Requests under way end as they began. */
  prepare(mesh: Mesh): () => void {
    const source = this.#sourceOf(mesh);
    const router = mesh.router(source);
    const party = describeSource(source, mesh);
    return () => {
      this.#mesh = mesh;
      this.#source = source;
      this.#router = router;
      this.#party = party;
      this.#parties = new WeakMap();
    };
  }

  now(): number {
    return performance.now();
  }

  /** A router that fails ends one request, not the gateway: the log tells why. */
  decide(view: RequestView): Decision {
    try {
      return this.#router.decide(view, this.#shared.random);
    } catch (error) {
      const reason = `router_failed{${messageOf(error)}}`;
      return { kind: "none", status: 503, reason, flag: "-", limits: undefined };
    }
  }

  /** What the mesh's local_reply_config makes of an answer of the proxy's own. */
  mapReply(reply: LocalReply, request: RequestView): LocalReply {
    const { status, body, flag, headers = [] } = reply;
    const mapped = this.#router.reply({ status, body, flag, headers, request });
    return {
      ...reply,
      status: mapped.status,
      body: mapped.body?.text ?? "",
      ...(mapped.body === undefined ? {} : { contentType: mapped.body.contentType }),
      headers: addHeaders(headers, mapped.headers),
    };
  }

  begin(): void {
    this.#shared.traffic.underWay += 1;
  }

  countVerdict(call: LimitCall, verdict: Verdict): void {
    this.#shared.traffic.countVerdict(call, verdict);
  }

  forward(decision: Forward, request: OutgoingRequest, client: ForwardingClient): Forwarding {
    const { balancer, pool, random } = this.#shared;
    return new Forwarding({ decision, request, balancer, pool, random, client });
  }

  mirror(
    mirror: Mirror,
    request: OutgoingRequest,
    options: { body: readonly Buffer[] | undefined; timeoutMs: number | undefined },
  ): void {
    this.#mirrors.send(mirror, request, options);
  }

  /** A gateway names itself, as Istio's does; a sidecar leaves the name of the program. */
  addServerHeaders(headers: HeaderList): void {
    if (this.#source.kind === "gateway") headers.set("server", "hookline-gateway");
    if (headers.has("date")) return;
    const second = Math.floor(this.#shared.clock() / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = new Date(second * 1000).toUTCString();
    }
    headers.append("date", this.#date);
  }

  finish(finished: FinishedExchange): void {
    const { traffic, metrics, log } = this.#shared;
    const { request, decision, target, status, flags } = finished;
    const durationMs = performance.now() - request.start;
    const cluster =
      finished.cluster ??
      (decision?.kind === "forward"
        ? this.#shared.balancer.cluster(decision.destination)
        : undefined);
    const destination = target === undefined ? UNKNOWN_PARTY : this.#describe(target);
    const service = cluster?.service;
    metrics.record({
      source: this.#party,
      destination,
      service,
      status,
      flags,
      durationMs,
      requestBytes: finished.bytesIn,
      responseBytes: finished.bytesOut,
      reporters: target === undefined ? SOURCE_ONLY : BOTH,
    });
    traffic.requests += 1;
    traffic.underWay -= 1;
    if (service !== undefined)
      traffic.countAnswer(
        {
          from: this.#party.workload,
          service: service.name,
          workload: destination.workload,
          version: target === undefined ? describeNobody(flags) : destination.version,
        },
        status >= 500 || status === 0,
      );
    log(this.#buildLogEntry(finished, { durationMs, cluster }));
  }

  #buildLogEntry(
    finished: FinishedExchange,
    { durationMs, cluster }: { durationMs: number; cluster: Cluster | undefined },
  ): AccessLogEntry {
    const { request, decision, target } = finished;
    const { view } = request;
    const { headers } = view;
    const route = decision !== undefined && "route" in decision ? decision.route.route : undefined;
    return {
      start_time: new Date(this.#shared.clock() - durationMs).toISOString(),
      method: view.method,
      authority: view.authority,
      path: view.path,
      protocol: "HTTP/1.1",
      response_code: finished.status,
      response_flags: finished.flags,
      response_code_details: finished.details,
      bytes_received: finished.bytesIn,
      bytes_sent: finished.bytesOut,
      duration: Math.round(durationMs),
      upstream_service_time: finished.serviceTime,
      x_forwarded_for: headers.get("x-forwarded-for"),
      user_agent: headers.get("user-agent"),
      request_id: headers.get("x-request-id"),
      upstream_host: target === undefined ? undefined : `127.0.0.1:${target.port}`,
      upstream_cluster: cluster?.name,
      upstream_pod: target?.endpoint.pod,
      downstream_remote_address: view.clientAddress,
      route_name: route,
      source: this.#source.kind === "gateway" ? "gateway" : this.#party.workload,
      attempts: finished.attempts,
    };
  }

  #describe(target: Target): Party {
    const known = this.#parties.get(target);
    if (known !== undefined) return known;
    const party = describeEndpoint(target.endpoint, this.#mesh);
    this.#parties.set(target, party);
    return party;
  }

  /** A mirrored request is told by its destination only: its source does not know the answer (istio#23496). */
  #finishMirror(result: MirrorResult): void {
    const { cluster, target, status, durationMs, requestBytes, responseBytes } = result;
    const version = target?.endpoint.version ?? result.destination.subset ?? "unknown";
    this.#shared.traffic.countMirror(
      cluster.service?.name ?? result.destination.fqdn,
      version,
      result.outcome,
    );
    if (target === undefined || status === 0) return;
    this.#shared.metrics.record({
      source: this.#party,
      destination: this.#describe(target),
      service: cluster.service,
      status,
      flags: "-",
      durationMs,
      requestBytes,
      responseBytes,
      reporters: DESTINATION_ONLY,
    });
  }
}
