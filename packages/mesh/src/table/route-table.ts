import type { StringMatch } from "../schema/values.ts";
import type { CorsSpec } from "../schema/virtual-service.ts";
import type { Destination, HeaderOps, Retries, RouteRef } from "../types.ts";

// What istiod would send to one proxy for one port, as plain data: Envoy's RouteConfiguration with
// names of ours. `compile/` makes functions of it; a test gives the same table to a real Envoy.

export interface RouteTable {
  readonly virtualHosts: readonly VirtualHost[];
  /** What was decided while the table was built and a reader may want to know. */
  readonly notes: readonly string[];
}

export interface VirtualHost {
  readonly name: string;
  /** Exact hosts in lower case, "*.suffix", or "*". */
  readonly domains: readonly string[];
  /** Requests without TLS are redirected (Gateway: tls.httpsRedirect). */
  readonly requireTls: boolean;
  readonly routes: readonly Route[];
}

export interface Route {
  readonly ref: RouteRef;
  readonly match: RouteMatch;
  readonly action: Action;
  /** On the route; a weighted destination has its own, which Envoy applies first. */
  readonly request: HeaderOps;
  readonly response: HeaderOps;
  readonly fault: Fault | undefined;
  readonly cors: CorsSpec | undefined;
}

export interface RouteMatch {
  readonly path: PathMatch;
  readonly ignoreCase: boolean;
  readonly headers: readonly HeaderMatch[];
  readonly query: readonly QueryMatch[];
}

export interface PathMatch {
  readonly kind: "prefix" | "exact" | "regex";
  readonly value: string;
}

export interface HeaderMatch {
  /** In lower case, or ":method", ":authority", ":scheme". */
  readonly name: string;
  /** Empty: the header is there. */
  readonly value: StringMatch;
  /** From withoutHeaders: the header must not match. */
  readonly invert: boolean;
}

export interface QueryMatch {
  readonly name: string;
  readonly value: StringMatch;
}

export type Action = ForwardAction | RedirectAction | DirectAction;

export interface ForwardAction {
  readonly kind: "forward";
  /** At least one; the weights' sum is positive. */
  readonly clusters: readonly Cluster[];
  readonly mirrors: readonly MirrorCluster[];
  readonly timeoutMs: number | undefined;
  readonly retries: Retries | undefined;
  readonly rewrite: PathRewrite | undefined;
  readonly authority: string | undefined;
}

export interface Cluster {
  /** As Envoy knows it: "outbound|80|v1|app.hookline.svc.cluster.local". */
  readonly name: string;
  /** Undefined: there is no such cluster, Envoy answers 503 (NC). */
  readonly destination: Destination | undefined;
  readonly weight: number;
  readonly request: HeaderOps;
  readonly response: HeaderOps;
  readonly authority: string | undefined;
}

export interface MirrorCluster {
  readonly name: string;
  readonly destination: Destination | undefined;
  readonly percent: number;
}

export type PathRewrite =
  | { readonly kind: "prefix"; readonly value: string }
  | { readonly kind: "regex"; readonly match: string; readonly substitution: string };

export interface RedirectAction {
  readonly kind: "redirect";
  readonly status: number;
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
  readonly port: number | undefined;
  readonly path: string | undefined;
}

export interface DirectAction {
  readonly kind: "direct";
  readonly status: number;
  readonly body: string | undefined;
}

export interface Fault {
  readonly delay: { readonly ms: number; readonly percent: number } | undefined;
  readonly abort: { readonly status: number; readonly percent: number } | undefined;
}
