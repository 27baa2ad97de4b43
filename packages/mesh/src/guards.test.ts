import { describe, expect, test } from "bun:test";
import { buildMesh, decide, GATEWAY, tell, virtualService } from "./testing/build-mesh.ts";
import type { WorkloadSource } from "./types.ts";

// Where AuthorizationPolicies stand in a request's way; what they say is security/'s.

const policy = (spec: string, name = "p") => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: demo }
spec: ${spec}
`;
const deployment = (name: string, labels: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: demo }
spec:
  selector: {}
  template:
    metadata: { labels: ${labels} }
    spec: { containers: [{ name: c, ports: [{ name: http, containerPort: 8080 }] }] }
`;
const ROUTE = "[{ route: [{ destination: { host: one } }] }]";
const join = (...parts: readonly string[]) => parts.join("\n---\n");
const atGateway = (spec: string) =>
  policy(spec.replace("{ ", "{ selector: { matchLabels: { istio: ingressgateway } }, "));
const atOne = (spec: string, labels = "{ app: one }") =>
  policy(spec.replace("{ ", `{ selector: { matchLabels: ${labels} }, `));

const DENY_A = '{ action: DENY, rules: [{ to: [{ operation: { paths: ["/a*"] } }] }] }';
const ask = (manifests: string, path: string, headers = {}) =>
  tell(
    decide(buildMesh(join(virtualService({ http: ROUTE }), manifests)).router(GATEWAY), {
      path,
      headers,
    }),
  );

describe("a policy of the gateway", () => {
  test.each([
    ["/a", "403 AuthorizationPolicy/demo/p"],
    ["/b", "one:80"],
    // It sees the path that is normalised.
    ["/b/../a", "403 AuthorizationPolicy/demo/p"],
  ])("%s: %s", (path, expected) => {
    expect(ask(atGateway(DENY_A), path)).toBe(expected);
  });

  test("refuses what has no route as well", () => {
    const router = buildMesh(atGateway(DENY_A)).router(GATEWAY);
    expect(tell(decide(router, { path: "/a" }))).toBe("403 AuthorizationPolicy/demo/p");
    expect(tell(decide(router, { path: "/b" }))).toBe("404 NR");
  });
});

describe("a policy of the destination", () => {
  test("refuses behind the route", () => {
    expect(ask(atOne(DENY_A), "/a")).toBe("403 AuthorizationPolicy/demo/p");
    expect(ask(atOne(DENY_A), "/b")).toBe("one:80");
  });

  test("of another workload does not", () => {
    expect(ask(atOne(DENY_A, "{ app: two }"), "/a")).toBe("one:80");
  });

  test("sees the request as it arrives: rewritten", () => {
    const http = `[{ match: [{ uri: { prefix: /x } }], rewrite: { uri: /a }, headers: { request: { set: { x-h: sent } } }, route: [{ destination: { host: one } }] }]`;
    const router = (spec: string) =>
      buildMesh(join(virtualService({ http }), atOne(spec))).router(GATEWAY);
    expect(tell(decide(router(DENY_A), { path: "/x" }))).toBe("403 AuthorizationPolicy/demo/p");
    const header =
      '{ action: DENY, rules: [{ when: [{ key: "request.headers[x-h]", values: [sent] }] }] }';
    expect(tell(decide(router(header), { path: "/x" }))).toBe("403 AuthorizationPolicy/demo/p");
  });

  test.each([
    ["remove: [x-h]", "one:80"],
    ["add: { x-h: more }", "one:80"],
    ["add: { x-i: more }", "403 AuthorizationPolicy/demo/p"],
  ])("sees the request's header after %s: %s", (operation, expected) => {
    const http = `[{ headers: { request: { ${operation} } }, route: [{ destination: { host: one } }] }]`;
    const deny =
      '{ action: DENY, rules: [{ when: [{ key: "request.headers[x-h]", values: [sent] }] }] }';
    const router = buildMesh(join(virtualService({ http }), atOne(deny))).router(GATEWAY);
    expect(tell(decide(router, { headers: { "x-h": "sent" } }))).toBe(expected);
  });

  test("holds neither for what its workload asks nor for a host outside", () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: demo }
spec: { hosts: [api.test], ports: [{ number: 80, name: http, protocol: HTTP }] }
`;
    const labels = { app: "web" };
    const call = (manifests: string, authority: string) => {
      const source = { kind: "workload", namespace: "demo", labels } as const;
      return tell(decide(buildMesh(manifests).router(source), { authority, path: "/a" }));
    };
    expect(call(atOne(DENY_A, "{ app: web }"), "one")).toBe("one:80");
    expect(call(join(entry, policy(DENY_A)), "api.test")).toBe("api.test:80");
    expect(call(join(entry, policy(DENY_A)), "one")).toStartWith("403 ");
  });

  test("knows its caller and the pod's port", () => {
    const only =
      '{ rules: [{ from: [{ source: { principals: ["cluster.local/ns/demo/sa/web"] } }], to: [{ operation: { ports: ["8080"] } }] }] }';
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: { name: three, namespace: demo }\nspec: { selector: { app: three }, ports: [{ name: http, port: 80, targetPort: http }] }\n";
    const manifests = join(
      service,
      deployment("three", "{ app: three }"),
      atOne(only, "{ app: three }"),
    );
    const call = (serviceAccount: string) => {
      const source: WorkloadSource = {
        kind: "workload",
        namespace: "demo",
        labels: {},
        serviceAccount,
      };
      return tell(decide(buildMesh(manifests).router(source), { authority: "three" }));
    };
    expect(call("web")).toBe("three:80");
    expect(call("other")).toStartWith("403 ");
  });

  test("that selects some of its pods refuses at those", () => {
    const pods = join(
      deployment("a", "{ app: one, v: '1' }"),
      deployment("b", "{ app: one, v: '2' }"),
    );
    const manifests = join(virtualService({ http: ROUTE }), pods, atOne(DENY_A, "{ v: '2' }"));
    const router = buildMesh(manifests).router(GATEWAY);
    expect(tell(decide(router, { path: "/a" }, () => 0))).toBe("one:80");
    expect(tell(decide(router, { path: "/a" }, () => 0.5))).toBe("403 AuthorizationPolicy/demo/p");
  });
});
