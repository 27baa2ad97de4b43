import { describe, expect, test } from "bun:test";
import type { MeshError } from "./errors.ts";
import { readIstiodValues } from "./istiod-values.ts";
import { buildMesh, virtualService } from "./testing/build-mesh.ts";
import { catchRefusal } from "./testing/catch-refusal.ts";

const ROUTE = "route: [{ destination: { host: one } }]";

const of = (error: MeshError) => [error.code, error.resource, error.field];
const VS = "VirtualService/demo/vs";

describe("createMesh refuses in a VirtualService", () => {
  test.each([
    // What Istio has and this does not model, by its name.
    [
      `[{ ${ROUTE}, match: [{ uri: { suffix: a } }] }]`,
      "UNSUPPORTED",
      "spec.http[0].match[0].uri.suffix",
    ],
    [`[{ ${ROUTE}, mirrorPercent: 5 }]`, "UNSUPPORTED", "spec.http[0].mirrorPercent"],
    [
      `[{ ${ROUTE}, fault: { abort: { grpcStatus: UNAVAILABLE } } }]`,
      "INVALID",
      "spec.http[0].fault.abort.httpStatus",
    ],
    [
      `[{ ${ROUTE}, match: [{ headers: { "@request.auth.claims.a": { exact: b } } }] }]`,
      "UNSUPPORTED",
      "spec.http[0].match[0].headers.@request.auth.claims.a",
    ],
    [
      `[{ ${ROUTE}, headers: { request: { set: { a: "%REQ(b)%" } } } }]`,
      "UNSUPPORTED",
      "spec.http[0].headers.request.set.a",
    ],
    [
      `[{ ${ROUTE}, headers: { response: { add: { a: "caf\\u00e9" } } } }]`,
      "UNSUPPORTED",
      "spec.http[0].headers.response.add.a",
    ],
    [
      `[{ ${ROUTE}, headers: { request: { set: { a: "b\\nc: d" } } } }]`,
      "UNSUPPORTED",
      "spec.http[0].headers.request.set.a",
    ],
    [
      `[{ ${ROUTE}, retries: { attempts: 1, backoff: 1s } }]`,
      "UNSUPPORTED",
      "spec.http[0].retries.backoff",
    ],
    [
      "[{ directResponse: { status: 200, body: { bytes: /w== } } }]",
      "UNSUPPORTED",
      "spec.http[0].directResponse.body.bytes",
    ],
    // What Istio refuses.
    [
      `[{ ${ROUTE}, retries: { attempts: 1, retryOn: "5xx,conect-failure" } }]`,
      "INVALID",
      "spec.http[0].retries.retryOn",
    ],
    [
      `[{ ${ROUTE}, retries: { attempts: 0, retryOn: 5xx } }]`,
      "INVALID",
      "spec.http[0].retries.attempts",
    ],
    [
      `[{ ${ROUTE}, retries: { attempts: 1, perTryTimeout: 0s } }]`,
      "INVALID",
      "spec.http[0].retries.perTryTimeout",
    ],
    [
      `[{ ${ROUTE}, match: [{ uri: { regex: "(?=a)" } }] }]`,
      "INVALID",
      "spec.http[0].match[0].uri.regex",
    ],
    [
      `[{ ${ROUTE}, match: [{ headers: { a: { regex: "(b)\\\\1" } } }] }]`,
      "INVALID",
      "spec.http[0].match[0].headers.a.regex",
    ],
    [
      `[{ ${ROUTE}, match: [{ uri: { exact: a, prefix: b } }] }]`,
      "INVALID",
      "spec.http[0].match[0].uri",
    ],
    [`[{ ${ROUTE}, timeout: 5 }]`, "INVALID", "spec.http[0].timeout"],
    [`[{ ${ROUTE}, redirect: {} }]`, "INVALID", "spec.http[0].route"],
    [
      `[{ redirect: {}, directResponse: { status: 404 } }]`,
      "INVALID",
      "spec.http[0].directResponse",
    ],
    [`[{ redirect: {}, rewrite: { uri: /a } }]`, "INVALID", "spec.http[0].rewrite"],
    [`[{ redirect: {}, fault: {} }]`, "INVALID", "spec.http[0].fault"],
    [`[{ redirect: { redirectCode: 305 } }]`, "INVALID", "spec.http[0].redirect.redirectCode"],
    [`[{ ${ROUTE}, delegate: { name: a } }]`, "INVALID", "spec.http[0].delegate"],
    [`[{ name: a }]`, "INVALID", "spec.http[0]"],
    [`[{ ${ROUTE}, mirror: { host: a }, mirrors: [] }]`, "INVALID", "spec.http[0].mirrors"],
    [
      `[{ ${ROUTE}, rewrite: { uri: /a, uriRegexRewrite: { match: a, rewrite: b } } }]`,
      "INVALID",
      "spec.http[0].rewrite",
    ],
    [
      `[{ route: [{ destination: { host: one } }, { destination: { host: two } }] }]`,
      "INVALID",
      "spec.http[0].route",
    ],
    [
      `[{ route: [{ destination: { host: one }, weight: -1 }] }]`,
      "INVALID",
      "spec.http[0].route[0].weight",
    ],
  ])("%s", (http, code, field) => {
    const error = catchRefusal(() =>
      buildMesh(virtualService({ http })).router({
        kind: "gateway",
        labels: { istio: "ingressgateway" },
        namespace: "demo",
        port: 80,
      }),
    );
    expect<unknown>(of(error)).toEqual([code, VS, field]);
    expect(error.message).toStartWith(`${VS} ${field}: `);
  });
});

const resource = (kind: string, spec: string, group = "networking.istio.io/v1") =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: x, namespace: demo }\nspec: ${spec}\n`;

describe("createMesh refuses in another kind", () => {
  test.each([
    [
      resource("Gateway", "{ servers: [{ port: { number: 1, protocol: TCP }, hosts: [a] }] }"),
      "UNSUPPORTED",
      "spec.servers[0].port.protocol",
    ],
    [
      resource(
        "Gateway",
        "{ servers: [{ port: { number: 1, protocol: HTTPS }, hosts: [a], tls: { mode: PASSTHROUGH } }] }",
      ),
      "UNSUPPORTED",
      "spec.servers[0].tls.mode",
    ],
    [
      resource(
        "Gateway",
        "{ servers: [{ port: { number: 1, protocol: HTTP }, hosts: [a], bind: b }] }",
      ),
      "UNSUPPORTED",
      "spec.servers[0].bind",
    ],
    [resource("VirtualService", "{ hosts: [a], tcp: [] }"), "UNSUPPORTED", "spec.tcp"],
    [resource("VirtualService", "{ hosts: [a], tls: [] }"), "UNSUPPORTED", "spec.tls"],
    [
      resource(
        "DestinationRule",
        "{ host: a, trafficPolicy: { loadBalancer: { consistentHash: {} } } }",
      ),
      "UNSUPPORTED",
      "spec.trafficPolicy.loadBalancer.consistentHash",
    ],
    [
      resource("DestinationRule", "{ host: a, trafficPolicy: { portLevelSettings: [] } }"),
      "UNSUPPORTED",
      "spec.trafficPolicy.portLevelSettings",
    ],
    [
      resource(
        "DestinationRule",
        "{ host: a, trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 1 } } } }",
      ),
      "UNSUPPORTED",
      "spec.trafficPolicy.connectionPool.http.http1MaxPendingRequests",
    ],
    [
      resource(
        "DestinationRule",
        "{ host: a, subsets: [{ name: b, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } }] }",
      ),
      "UNSUPPORTED",
      "spec.subsets[0].trafficPolicy.connectionPool.tcp.maxConnections",
    ],
    [resource("Sidecar", "{ ingress: [] }"), "UNSUPPORTED", "spec.ingress"],
    [resource("Sidecar", "{ egress: [{ hosts: [one] }] }"), "INVALID", "spec.egress[0].hosts[0]"],
    [
      resource("Service", "{ type: ExternalName, externalName: a }", "v1"),
      "UNSUPPORTED",
      "spec.type",
    ],
  ])("%s", (manifest, code, field) => {
    const error = catchRefusal(() => buildMesh(manifest));
    const kind = /kind: (\w+)/.exec(manifest)?.[1];
    expect<unknown>(of(error)).toEqual([code, `${kind}/demo/x`, field]);
  });

  test("and passes over kinds that are not its own", () => {
    const manifest = resource("VirtualService", "{ strange: 1 }", "example.test/v1");
    expect(buildMesh(manifest).services.length).toBe(2);
  });
});

describe("readIstiodValues", () => {
  test.each([
    [{}, { scopeGatewayToNamespace: false, pathNormalization: "BASE" }],
    [null, { scopeGatewayToNamespace: false, pathNormalization: "BASE" }],
    [
      {
        global: { istioNamespace: "mesh" },
        pilot: { env: { PILOT_SCOPE_GATEWAY_TO_NAMESPACE: true } },
        meshConfig: {
          pathNormalization: { normalization: "MERGE_SLASHES" },
          outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
        },
      },
      {
        rootNamespace: "mesh",
        scopeGatewayToNamespace: true,
        pathNormalization: "MERGE_SLASHES",
        outboundTrafficPolicy: "REGISTRY_ONLY",
      },
    ],
  ] as const)("%j", (values, expected) => {
    expect(readIstiodValues(values)).toEqual(expected);
  });

  test("refuses what may bear on a request", () => {
    const values = { meshConfig: { defaultHttpRetryPolicy: { attempts: 5 } } };
    const error = catchRefusal(() => readIstiodValues(values));
    expect(of(error)).toEqual([
      "UNSUPPORTED",
      "Values/istiod",
      "meshConfig.defaultHttpRetryPolicy",
    ]);
  });
});
