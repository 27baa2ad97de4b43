import { describe, expect, test } from "bun:test";
import { ask, askGateway, join, to, V1, V2, workload } from "./testing/ask-mesh.ts";
import { buildMesh, decide, GATEWAY, tell, virtualService } from "./testing/build-mesh.ts";
import { buildRequest } from "./testing/requests.ts";

describe("hosts at a gateway", () => {
  const hosts = join(
    virtualService({ name: "all", http: to("host: two"), spec: 'hosts: ["*"], gateways: [front]' }),
    virtualService({ name: "wild", http: V1, spec: 'hosts: ["*.a.test"], gateways: [front]' }),
    virtualService({ name: "wilder", http: V2, spec: 'hosts: ["*.b.a.test"], gateways: [front]' }),
    virtualService({
      name: "exact",
      http: to("host: two, port: { number: 81 }"),
      spec: "hosts: [X.b.a.test, short], gateways: [front]",
    }),
  );
  test.each([
    ["x.b.a.test", "two:81"],
    ["X.B.A.TEST:8080", "two:81"],
    ["y.b.a.test", "one:80/v2"],
    ["z.a.test", "one:80/v1"],
    ["a.test", "two:80"],
    // A short name stands for the full one, so that the short one does not reach it here.
    ["short.demo.svc.cluster.local", "two:81"],
    ["short", "two:80"],
  ])("%s goes to %s", (host, expected) => {
    expect(askGateway(hosts, host)).toBe(expected);
  });

  const server = (list: string, tls = "") => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: narrow, namespace: demo }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { name: http-b, number: 80, protocol: HTTP }, hosts: ${list}${tls} }]
`;
  const bound = (list: string, namespace = "demo") =>
    virtualService({ http: V1, namespace, spec: `hosts: ${list}, gateways: [demo/narrow]` });
  test.each([
    ['["*.a.test"]', "[x.a.test, b.test]", "x.a.test", "one:80/v1"],
    ['["*.a.test"]', "[x.a.test, b.test]", "b.test", "404 NR"],
    ["[x.a.test]", '["*.a.test"]', "x.a.test", "one:80/v1"],
    ["[x.a.test]", '["*.a.test"]', "y.a.test", "404 NR"],
    ['["demo/*"]', "[x.a.test]", "x.a.test", "one:80/v1"],
    ['["./*"]', "[x.a.test]", "x.a.test", "one:80/v1"],
    ['["other/*"]', "[x.a.test]", "x.a.test", "404 NR"],
    ['["*/x.a.test"]', "[x.a.test]", "x.a.test", "one:80/v1"],
    ['["*/*"]', "[x.a.test]", "x.a.test", "one:80/v1"],
  ])("a server of %s and a VirtualService of %s: %s is %s", (list, wanted, host, expected) => {
    expect(askGateway(join(server(list), bound(wanted)), host)).toBe(expected);
  });

  test.each([
    ["a VirtualService of another port", "[{ match: [{ port: 81 }], redirect: { uri: /x } }]"],
    ["no VirtualService", undefined],
  ])("a host with %s is left to the wider one", (_, http) => {
    const wide = virtualService({ name: "wide", http: to("host: two") });
    const spec = "hosts: [x.a.test], gateways: [narrow]";
    const own = http === undefined ? [] : [virtualService({ http, spec })];
    expect(askGateway(join(server("[x.a.test]"), wide, ...own), "x.a.test")).toBe("two:80");
  });

  test("a server that wants TLS redirects, with a VirtualService or without", () => {
    const tls = ", tls: { httpsRedirect: true }";
    const manifests = join(server("[x.a.test, y.a.test]", tls), bound("[x.a.test]"));
    expect(askGateway(manifests, "x.a.test")).toBe("301 https://x.a.test/");
    expect(askGateway(manifests, "y.a.test")).toBe("301 https://y.a.test/");
    const router = buildMesh(manifests).router(GATEWAY);
    expect(tell(decide(router, { authority: "x.a.test", scheme: "https" }))).toBe("one:80/v1");
  });

  // istiod makes a domain of "demo/y.a.test", which no request has (core.ConfigGenTest).
  test("a server that wants TLS for hosts of a namespace redirects with a VirtualService only", () => {
    const tls = ", tls: { httpsRedirect: true }";
    const manifests = join(
      server("[./x.a.test, demo/y.a.test, '*/z.a.test']", tls),
      bound("[x.a.test]"),
    );
    expect(askGateway(manifests, "x.a.test")).toBe("301 https://x.a.test/");
    expect(askGateway(manifests, "y.a.test")).toBe("404 NR");
    expect(askGateway(manifests, "z.a.test")).toBe("301 https://z.a.test/");
  });

  test.each([
    ["another label", { ...GATEWAY, labels: {} }, {}, "404 NR"],
    ["another port", { ...GATEWAY, port: 81 }, {}, "404 NR"],
    ["another namespace", { ...GATEWAY, namespace: "other" }, {}, "two:80"],
    [
      "another namespace, scoped",
      { ...GATEWAY, namespace: "other" },
      { scopeGatewayToNamespace: true },
      "404 NR",
    ],
    ["its own namespace, scoped", GATEWAY, { scopeGatewayToNamespace: true }, "two:80"],
  ])("pods with %s", (_, source, options, expected) => {
    const manifests = virtualService({ http: to("host: two") });
    expect(tell(decide(buildMesh(manifests, options).router(source)))).toBe(expected);
  });
});

describe("several VirtualServices of one host", () => {
  const first = (http: string, created = "") =>
    virtualService({ name: "b", http }).replace("namespace: demo }", `namespace: demo${created} }`);
  const second = (http: string) => virtualService({ name: "a", http });

  test("at a gateway are one after the other, by name when of one age", () => {
    const manifests = join(first(V1), second(to("host: two", "{ uri: { prefix: / } }")));
    expect(askGateway(manifests, "x.test")).toBe("two:80");
  });

  test("the older comes first", () => {
    const old = ', creationTimestamp: "2026-01-01T00:00:00Z"';
    const young = ', creationTimestamp: "2026-02-01T00:00:00Z"';
    const dated = second(V2).replace("namespace: demo }", `namespace: demo${young} }`);
    expect(askGateway(join(first(V1, old), dated), "x.test")).toBe("one:80/v1");
  });

  test.each([
    ["no match", V1],
    ["the pattern .*", to("host: one, subset: v1", "{ uri: { regex: '.*' } }")],
  ])("routes that take everything come last: %s", (_, everything) => {
    const manifests = join(second(everything), first(to("host: two", "{ uri: { prefix: /b } }")));
    const router = buildMesh(manifests).router(GATEWAY);
    expect(tell(decide(router, { path: "/b" }))).toBe("two:80");
    expect(tell(decide(router, { path: "/a" }))).toBe("one:80/v1");
  });

  test("what stands after one that takes everything, in its own VirtualService, is never reached", () => {
    const every = "{ match: [{ uri: { prefix: / } }], route: [{ destination: { host: one } }] }";
    const later = "{ match: [{ uri: { prefix: /b } }], route: [{ destination: { host: two } }] }";
    const router = buildMesh(second(`[${every}, ${later}]`)).router(GATEWAY);
    expect(tell(decide(router, { path: "/b" }))).toBe("one:80");
    const exact = every.replace("prefix", "exact");
    const open = buildMesh(second(`[${exact}, ${later}]`)).router(GATEWAY);
    expect(tell(decide(open, { path: "/b" }))).toBe("two:80");
  });

  test("in the mesh the first alone counts, and the explanation says so", () => {
    const spec = "hosts: [one]";
    const manifests = join(
      virtualService({ name: "b", http: V1, spec }),
      virtualService({ name: "a", http: V2, spec }),
    );
    expect(ask(manifests, { host: "one" })).toBe("one:80/v2");
    const { notes } = buildMesh(manifests).router(workload()).explain(buildRequest());
    const unused = notes.filter((note) => note.includes("is not used"));
    expect(unused).toEqual([expect.stringContaining("of demo/b is not used")]);
  });
});

describe("a workload", () => {
  const vs = (http: string, spec = "hosts: [one]") => virtualService({ http, spec });

  test.each([
    ["one", "demo", "one:80"],
    ["one.demo", "other", "one:80"],
    ["one.demo.svc", "other", "one:80"],
    ["one.demo.svc.cluster.local", "other", "one:80"],
    ["one.demo.svc.cluster.local.:80", "other", "one:80"],
    // Nobody knows the name: it is passed on, as Istio does unless told otherwise.
    ["one", "other", "one:80"],
    ["example.test", "demo", "example.test:80"],
  ])("calls %s from %s without a VirtualService", (host, from, expected) => {
    expect(ask("", { host, from })).toBe(expected);
  });

  test("calls a Service it knows no rule of with Istio's retries", () => {
    const decision = decide(buildMesh("").router(workload()), { authority: "one" });
    expect(decision).toMatchObject({
      route: { route: "default" },
      destination: { labels: { app: "one" } },
      retries: { attempts: 2 },
      timeoutMs: undefined,
    });
    const unknown = decide(buildMesh("").router(workload()), { authority: "example.test" });
    expect(unknown).toMatchObject({ kind: "forward", retries: undefined });
  });

  test("is refused with 502 what the registry has not, when it says so", () => {
    const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
    expect(ask("", { host: "example.test", options })).toBe("502");
    expect(ask("", { host: "one", from: "other", options })).toBe("502");
  });

  test.each([
    ["hosts: [one]", "one", "one:80/v1"],
    ["hosts: [one.demo.svc.cluster.local]", "one", "one:80/v1"],
    ["hosts: [one], gateways: [mesh]", "one", "one:80/v1"],
    ["hosts: [one], gateways: [front]", "one", "one:80"],
    ["hosts: [one], gateways: [front, mesh]", "one", "one:80/v1"],
    ['hosts: ["*.demo.svc.cluster.local"]', "two", "one:80/v1"],
    ["hosts: [example.test]", "example.test", "one:80/v1"],
    ["hosts: [Example.TEST]", "example.test", "one:80/v1"],
    ['hosts: ["*.demo.svc.cluster.LOCAL"]', "two", "one:80/v1"],
  ])("%s: a call to %s goes to %s", (spec, host, expected) => {
    expect(ask(vs(V1, spec), { host })).toBe(expected);
  });

  test("a name wins over a wildcard for its service", () => {
    const manifests = join(
      virtualService({ name: "a", http: V2, spec: 'hosts: ["*.svc.cluster.local"]' }),
      virtualService({ name: "b", http: V1, spec: "hosts: [one]" }),
    );
    expect(ask(manifests, { host: "one" })).toBe("one:80/v1");
    expect(ask(manifests, { host: "two" })).toBe("one:80/v2");
    const narrow = 'hosts: ["*.demo.svc.cluster.local"]';
    const both = join(manifests, virtualService({ name: "c", http: V1, spec: narrow }));
    expect(ask(both, { host: "two" })).toBe("one:80/v1");
  });

  test("a name without a service is routed by the narrowest wildcard, whichever stands first", () => {
    const manifests = join(
      virtualService({ name: "a", http: V2, spec: 'hosts: ["*.test"]' }),
      virtualService({ name: "b", http: V1, spec: 'hosts: ["*.a.test"]' }),
    );
    expect(ask(manifests, { host: "x.a.test" })).toBe("one:80/v1");
    expect(ask(manifests, { host: "a.test" })).toBe("one:80/v2");
  });

  test("a host without a service has routes at port 80 only", () => {
    const other = vs(to("host: one, port: { number: 80 }"), "hosts: [two]");
    expect(ask(other, { host: "two", port: 81 })).toBe("one:80");
    const manifests = vs(V1, "hosts: [example.test]");
    expect(ask(manifests, { host: "example.test", port: 81 })).toBe("example.test:81");
  });

  test("a port that is not HTTP has no routes", () => {
    expect(ask("", { host: "two", port: 81 })).toBe("two:81");
    const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
    expect(ask("", { host: "two", port: 90, options })).toBe("502");
    const names =
      "apiVersion: v1\nkind: Service\nmetadata: { name: names, namespace: demo }\nspec: { ports: [{ name: dns, port: 53, protocol: UDP }] }";
    expect(ask(names, { host: "names", port: 53, options })).toBe("502");
  });

  test.each([
    [{ v: "1" }, "one:80/v1"],
    [{ v: "1", more: "x" }, "one:80/v1"],
    [{ v: "2" }, "one:80/v2"],
    [{}, "one:80/v2"],
  ])("with the labels %j is sent by its sourceLabels", (labels, expected) => {
    const http = `[{ match: [{ sourceLabels: { v: "1" } }], route: [{ destination: { host: one, subset: v1 } }] }, { route: [{ destination: { host: one, subset: v2 } }] }]`;
    expect(ask(vs(http), { host: "one", labels })).toBe(expected);
  });

  test("is not matched by a route of the gateway", () => {
    const http = `[{ match: [{ gateways: [front] }], route: [{ destination: { host: two } }] }, { match: [{ gateways: [mesh] }], route: [{ destination: { host: one } }] }]`;
    expect(ask(vs(http, "hosts: [one], gateways: [front, mesh]"), { host: "one" })).toBe("one:80");
    const outside = "[{ match: [{ gateways: [front] }], route: [{ destination: { host: two } }] }]";
    const spec = "hosts: [one], gateways: [front, mesh]";
    expect(ask(vs(outside, spec), { host: "one" })).toBe("one:80");
  });
});
