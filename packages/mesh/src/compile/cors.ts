import type { CorsSpec } from "../schema/virtual-service.ts";
import type { CorsPolicy, Direct, MeshRequest, RouteRef } from "../types.ts";
import { compileString } from "./conditions.ts";

// Envoy: source/extensions/filters/http/cors/cors_filter.cc; Istio: TranslateCORSPolicy in route.go.

/** What a CORS policy does to a request. */
export interface Cors {
  /** The proxy's own answer to a preflight request. */
  preflight(request: MeshRequest): Direct | undefined;
  /** What the answer tells the browser; undefined for an origin that is not allowed. */
  policy(request: MeshRequest): CorsPolicy | undefined;
}

/** A route's CORS policy; undefined without one. */
export function compileCors(spec: CorsSpec | undefined, route: RouteRef): Cors | undefined {
  if (spec === undefined) return undefined;
  const tests = (spec.allowOrigins ?? []).map(compileString);
  // A match that takes a star takes every origin.
  const isAllowed = (origin: string) => tests.some((test) => test("*") || test(origin));
  const { exposeHeaders = [], allowCredentials } = spec;
  const policy = (request: MeshRequest): CorsPolicy | undefined => {
    const origin = request.header("origin") ?? "";
    if (origin === "" || !isAllowed(origin)) return undefined;
    return { origin, exposeHeaders, allowCredentials };
  };
  const forwards = spec.unmatchedPreflights !== "IGNORE";
  const preflight = (request: MeshRequest): Direct | undefined => {
    const asked = request.header("access-control-request-method") ?? "";
    if (request.method !== "OPTIONS" || asked === "") return undefined;
    const origin = request.header("origin") ?? "";
    const allowed = isAllowed(origin);
    if (origin === "" || (!allowed && forwards)) return undefined;
    const set = listHeaders(spec, request, allowed);
    const response = { set, add: [], remove: [] };
    return { kind: "direct", route, status: 200, body: undefined, response, limits: undefined };
  };
  return { preflight, policy };
}

/** What a preflight is answered. */
function listHeaders(spec: CorsSpec, request: MeshRequest, allowed: boolean) {
  const { allowMethods = [], allowHeaders = [], exposeHeaders = [], maxAge } = spec;
  const asked = (name: string) => request.header(`access-control-request-${name}`);
  const headers: [name: string, value: string | undefined][] = [
    ["origin", allowed ? request.header("origin") : undefined],
    ["credentials", spec.allowCredentials === true ? "true" : undefined],
    ["methods", join(allowMethods, asked("method"))],
    ["headers", join(allowHeaders, asked("headers"))],
  ];
  // Its own answer runs through the filter as well.
  const exposed = allowed ? join(exposeHeaders, "*") : undefined;
  const age = maxAge === undefined ? undefined : `${Math.floor(maxAge / 1000)}`;
  return [
    ...headers.map(([name, value]) => [`access-control-allow-${name}`, value] as const),
    ["access-control-expose-headers", exposed] as const,
    ["access-control-max-age", age] as const,
  ].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** A star stands for what was asked, which may be nothing. */
function join(values: readonly string[], asked: string | undefined): string | undefined {
  if (values.length === 0) return undefined;
  const joined = values.join(",");
  return joined === "*" ? (asked ?? "") : joined;
}
