import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMesh } from "../create-mesh.ts";
import { buildRequest } from "../testing/requests.ts";
import type { Decision, JsonObject, Source } from "../types.ts";

// A VirtualService and an HTTPRoute that mean the same decide the same. The VirtualService is
// written by hand here, with a pattern for each prefix and an order of its own.

const METADATA = { name: "r", namespace: "shop" };
const services = ["app", "web"].map((name) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec: { selector: { app: name }, ports: [{ name: "http", port: 80 }] },
}));
const LABELS = { "gateway.networking.k8s.io/gateway-name": "front" };
const source: Source = { kind: "gateway", labels: LABELS, namespace: "shop", port: 80 };

const rule = fc.record({
  type: fc.constantFrom("Exact" as const, "PathPrefix" as const),
  path: fc.constantFrom("/", "/a", "/a/b", "/ab", "/c"),
  method: fc.constantFrom(undefined, "GET", "PUT"),
  headers: fc.subarray(["x", "y"]),
  params: fc.subarray(["p", "q"]),
  weights: fc.constantFrom([1], [1, 1], [9, 1], [0, 5], [0, 0]),
  action: fc.constantFrom(
    "forward" as const,
    "redirect" as const,
    "rewrite" as const,
    "mirror" as const,
  ),
});
type Rule = typeof rule extends fc.Arbitrary<infer One> ? One : never;

const request = fc.record({
  path: fc.constantFrom(
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/b/c?p=1",
    "/ab?p=1&q=1",
    "/abc",
    "/c/d",
    "/d?q=1",
  ),
  method: fc.constantFrom("GET", "PUT"),
  headers: fc.constantFrom({}, { x: "1" }, { x: "1", y: "1" }, { y: "2" }),
});

function buildHttpRoute(rules: readonly Rule[]): JsonObject[] {
  const listeners = [{ name: "http", port: 80, protocol: "HTTP" }];
  return [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "front", namespace: "shop" },
      spec: { gatewayClassName: "istio", listeners },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: METADATA,
      spec: {
        parentRefs: [{ name: "front" }],
        rules: rules.map(({ type, path, method, headers, params, weights, action }) => ({
          matches: [
            {
              path: { type, value: path },
              ...(method === undefined ? {} : { method }),
              headers: headers.map((name) => ({ name, value: "1" })),
              queryParams: params.map((name) => ({ name, value: "1" })),
            },
          ],
          filters: FILTERS[action],
          ...(action === "redirect"
            ? {}
            : {
                backendRefs: weights.map((weight, index) => ({
                  name: NAMES[index] ?? "",
                  port: 80,
                  weight,
                })),
              }),
        })),
      },
    },
  ];
}

const NAMES = ["app", "web"];
const FILTERS = {
  forward: [],
  redirect: [{ type: "RequestRedirect", requestRedirect: { hostname: "a.test", statusCode: 301 } }],
  rewrite: [
    {
      type: "URLRewrite",
      urlRewrite: { path: { type: "ReplaceFullPath", replaceFullPath: "/new" } },
    },
  ],
  mirror: [
    {
      type: "RequestMirror",
      requestMirror: { backendRef: { name: "web", port: 80 }, percent: 30 },
    },
  ],
};

/** First by kind of path, then by its length, a method, headers, parameters; sorting is stable. */
function rank({ type, path, method, headers, params }: Rule): string {
  const parts = [type === "Exact" ? 0 : 1, 9 - path.length, method === undefined ? 1 : 0];
  return [...parts, 9 - headers.length, 9 - params.length].join("");
}

function buildVirtualService(rules: readonly Rule[]): JsonObject[] {
  const sorted = rules.toSorted((one, other) => rank(one).localeCompare(rank(other)));
  const spec = { hosts: ["*"], gateways: ["front"], http: sorted.map(buildRoute) };
  const servers = [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }];
  const head = { apiVersion: "networking.istio.io/v1" };
  return [
    {
      ...head,
      kind: "Gateway",
      metadata: { name: "front", namespace: "shop" },
      spec: { selector: LABELS, servers },
    },
    { ...head, kind: "VirtualService", metadata: METADATA, spec },
  ];
}

function buildRoute({ type, path, method, headers, params, weights, action }: Rule): JsonObject {
  const regex = path === "/" ? "/.*" : `${path}(/.*)?`;
  const values = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { exact: "1" }]));
  const match = {
    uri: type === "Exact" ? { exact: path } : { regex },
    ...(method === undefined ? {} : { method: { exact: method } }),
    headers: values(headers),
    queryParams: values(params),
  };
  if (action === "redirect") {
    const redirect = { authority: "a.test", redirectCode: 301, derivePort: "FROM_REQUEST_PORT" };
    return { match: [match], redirect };
  }
  const used = weights.flatMap((weight, index) =>
    weight > 0 ? [{ weight, name: NAMES[index] ?? "" }] : [],
  );
  if (used.length === 0) return { match: [match], directResponse: { status: 500 } };
  const destination = (name: string) => ({ host: name, port: { number: 80 } });
  return {
    match: [match],
    route: used.map(({ weight, name }) => ({ destination: destination(name), weight })),
    ...(action === "rewrite"
      ? { rewrite: { uriRegexRewrite: { match: "^.*$", rewrite: "/new" } } }
      : {}),
    ...(action === "mirror"
      ? { mirrors: [{ destination: destination("web"), percentage: { value: 30 } }] }
      : {}),
  };
}

/** All of a decision but the names of the resources it comes from. */
function strip(decision: Decision): object {
  return "route" in decision ? { ...decision, route: undefined } : decision;
}

test("an HTTPRoute decides as the VirtualService of its meaning", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(request, fc.double({ min: 0, max: 0.999, noNaN: true })), {
        minLength: 12,
        maxLength: 12,
      }),
      (rules, requests) => {
        const one = createMesh([...services, ...buildHttpRoute(rules)]).router(source);
        const other = createMesh([...services, ...buildVirtualService(rules)]).router(source);
        for (const [given, random] of requests) {
          const built = buildRequest(given);
          const decided = one.decide(built, () => random);
          seen.add(decided.kind);
          expect(strip(decided)).toEqual(strip(other.decide(built, () => random)));
        }
      },
    ),
    { numRuns: 150, seed: 20_261_123 },
  );
  expect(seen).toEqual(new Set(["forward", "redirect", "direct", "none"]));
}, 120_000);
