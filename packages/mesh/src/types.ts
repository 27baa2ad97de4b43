import type { LocalReply, LocalReplyInput } from "./limits/local-reply.ts";

/** Plain JSON, as a rendered manifest holds it. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | JsonObject;
/** A manifest, or a part of one. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Labels of pods, or a selector over them. */
export type Labels = Readonly<Record<string, string>>;

/** Who sends the request. */
export type Source = GatewaySource | WorkloadSource;

/** Somebody outside: the request comes in at a port of a gateway. */
export interface GatewaySource {
  readonly kind: "gateway";
  /** The labels of the gateway's pods, as `istio: ingressgateway`. */
  readonly labels: Labels;
  /** The namespace in which the gateway's pods run. */
  readonly namespace: string;
  /** The port of the Gateway's server. */
  readonly port: number;
  readonly protocol?: "HTTP";
}

/** A pod of the mesh: the request leaves through its sidecar. */
export interface WorkloadSource {
  readonly kind: "workload";
  readonly labels: Labels;
  readonly namespace: string;
  /** "default" when absent. */
  readonly serviceAccount?: string;
}

/** A request as its sender gives it. */
export interface MeshRequest {
  readonly method: string;
  /** The Host header, which may have a port. */
  readonly authority: string;
  /** With the query, as sent. */
  readonly path: string;
  readonly scheme: "http" | "https";
  /** The value of a header; several of one name are joined by a comma. */
  header(lowerCaseName: string): string | undefined;
  /** An IP address without a port. */
  readonly clientAddress: string;
  /** The destination's port for a request of a workload; 80 when absent. */
  readonly port?: number;
}

/** Which route decided. */
export interface RouteRef {
  /** "namespace/name"; absent where no VirtualService took part. */
  readonly virtualService?: string;
  /** The route's name, if it has one. */
  readonly route?: string;
  /** The route's place in its VirtualService (of the route that delegates), from 0. */
  readonly index: number;
}

/** Which pods get the request. */
export interface Destination {
  /** As `app.hookline.svc.cluster.local`, or a host of a ServiceEntry. */
  readonly fqdn: string;
  /** The Service's port. */
  readonly port: number;
  readonly subset: string | undefined;
  /** The Service's selector and the subset's labels: which pods. Empty for a host outside. */
  readonly labels: Labels;
  readonly namespace: string;
  /** How the DestinationRule wants its pods chosen; absent without a rule. */
  readonly policy?: TrafficPolicy;
}

/** From a DestinationRule: the subset's over the host's, Istio's defaults filled in. */
export interface TrafficPolicy {
  readonly loadBalancer?: "LEAST_REQUEST" | "ROUND_ROBIN" | "RANDOM";
  readonly outlier?: {
    readonly consecutive5xx?: number;
    readonly consecutiveGateway?: number;
    readonly intervalMs: number;
    readonly baseEjectionMs: number;
    readonly maxEjectionPercent: number;
  };
  readonly connectTimeoutMs?: number;
  readonly maxRequestsPerConnection?: number;
}

/** What happens to headers, in this order: remove, set (replaces), add (appends). */
export interface HeaderOps {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

/** How often, how long and after what a request is tried again. */
export interface Retries {
  /** After the first try. */
  readonly attempts: number;
  readonly perTryTimeoutMs?: number;
  /** Envoy's conditions and statuses, as "connect-failure" or "503". */
  readonly retryOn: readonly string[];
}

/** Who gets a copy of a share of the requests; its answer is dropped. */
export interface Mirror {
  readonly destination: Destination;
  /** 0 < percent ≤ 100. */
  readonly percent: number;
}

/** What the answer tells a browser whose page is of another origin. Preflights are answered by `direct`. */
export interface CorsPolicy {
  /** The request's, which is allowed. */
  readonly origin: string;
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean | undefined;
}

export interface Forward {
  readonly kind: "forward";
  readonly route: RouteRef;
  readonly destination: Destination;
  readonly request: HeaderOps;
  readonly response: HeaderOps;
  /** Drawn already: these are sent, each once. */
  readonly mirrors: readonly Mirror[];
  readonly timeoutMs: number | undefined;
  readonly retries: Retries | undefined;
  readonly rewrite:
    | {
        /** Normalised, and changed by the route where it does so. */
        readonly path?: string;
        /** What the route changed; absent where it did not (Envoy: x-envoy-original-path). */
        readonly originalPath?: string;
        readonly authority?: string;
      }
    | undefined;
  /** Drawn already: this delay, then this status instead of the destination's answer. */
  readonly fault: { readonly delayMs?: number; readonly abortStatus?: number } | undefined;
  readonly cors?: CorsPolicy;
  readonly limits: LimitCall | undefined;
}

export interface Redirect {
  readonly kind: "redirect";
  readonly route: RouteRef;
  readonly status: number;
  readonly location: string;
  readonly response: HeaderOps;
  readonly limits: LimitCall | undefined;
}

/** The proxy answers itself. */
export interface Direct {
  readonly kind: "direct";
  readonly route: RouteRef;
  readonly status: number;
  readonly body: string | undefined;
  readonly response: HeaderOps;
  readonly limits: LimitCall | undefined;
}

/** A policy refuses the request. */
export interface Denied {
  readonly kind: "denied";
  readonly status: 403;
  /** "Kind/namespace/name", or what else refuses. */
  readonly policy: string;
}

/** Nothing takes the request. */
export interface Nothing {
  readonly kind: "none";
  readonly status: 400 | 404 | 503;
  readonly reason: string;
  /** Envoy's response flag: NR (no route), NC (no cluster), UH (no healthy upstream); "-" for none. */
  readonly flag: string;
  readonly limits: LimitCall | undefined;
}

export type Decision = Forward | Redirect | Direct | Denied | Nothing;

/** One entry of a rate-limit request: keys and values, in order. */
export type Descriptor = readonly (readonly [key: string, value: string])[];

/** A header that a filter adds, with Envoy's append_action. */
export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  readonly action:
    | "APPEND_IF_EXISTS_OR_ADD"
    | "ADD_IF_ABSENT"
    | "OVERWRITE_IF_EXISTS_OR_ADD"
    | "OVERWRITE_IF_EXISTS";
}

/** What the proxy asks the limiter before it forwards. */
export interface LimitCall {
  readonly domain: string;
  /** Never empty: without a descriptor there is no call. */
  readonly descriptors: readonly Descriptor[];
  readonly timeoutMs: number;
  /** Whether the request is refused when the limiter does not answer. */
  readonly failureModeDeny: boolean;
  /** Whether answers get x-ratelimit-limit, -remaining and -reset. */
  readonly xRateLimitHeaders: boolean;
  /** On the answer to a limited request. */
  readonly responseHeadersToAdd: readonly AddedHeader[];
  /** The limiter, as "host:port" of its Service. */
  readonly cluster: string;
  /** The status of a limited request, 429 unless configured; `Router.reply` says what it looks like. */
  readonly status: number;
  /** Whether a limited answer gets `x-envoy-ratelimited: true`. */
  readonly limitedHeader: boolean;
  /** The status when the limiter does not answer and the request is refused for it. */
  readonly statusOnError: number;
}

/** Decides for one source; compiled once. */
export interface Router {
  /** What the proxy does with the request. `random` gives numbers in [0, 1); builds no reasons. */
  decide(request: MeshRequest, random: () => number): Decision;
  /** The same matchers, with the reasons, and every outcome that a draw can have. */
  explain(request: MeshRequest): Explanation;
  /** An answer of the proxy's own (404, 503, 429 …) as its local_reply_config changes it. */
  reply(input: LocalReplyInput): LocalReply;
}

/** A route that was looked at, and why it was not taken. */
export interface ExplainedRoute {
  readonly route: RouteRef;
  readonly matched: boolean;
  /** For each match of the route what was missing; one entry, "matches …", when it matched. */
  readonly reasons: readonly string[];
}

export interface Explanation {
  /** What the proxy did before it looked at routes: path, host. */
  readonly notes: readonly string[];
  /** In the order in which Envoy tries them, up to the one that matched. */
  readonly routes: readonly ExplainedRoute[];
  /** Every decision a draw can lead to; the percentages add up to 100. */
  readonly outcomes: readonly { readonly percent: number; readonly decision: Decision }[];
}

export interface MeshGateway {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hosts: readonly string[];
  readonly selector: Labels;
}

export interface MeshServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly protocol: string;
}

export interface MeshService {
  readonly namespace: string;
  readonly name: string;
  readonly fqdn: string;
  readonly ports: readonly MeshServicePort[];
  readonly selector: Labels;
}

export interface MeshWorkload {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly namespace: string;
  readonly name: string;
  /** Of its pods. */
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
}

export interface Mesh {
  /** Compiled for one source; keep it, it is the hot path. */
  router(source: Source): Router;
  /** One entry for each server of each Gateway. */
  readonly gateways: readonly MeshGateway[];
  readonly services: readonly MeshService[];
  readonly workloads: readonly MeshWorkload[];
}
