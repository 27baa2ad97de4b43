import { describe, expect, test } from "bun:test";
import type { CreateMeshOptions } from "./create-mesh.ts";
import { buildMesh, decide, GATEWAY, tell, virtualService } from "./testing/build-mesh.ts";
import { buildRequest } from "./testing/requests.ts";
import type { WorkloadSource } from "./types.ts";

const to = (destination: string, match = "") =>
  `[{ ${match === "" ? "" : `match: [${match}], `}route: [{ destination: { ${destination} } }] }]`;
const V1 = to("host: one, subset: v1");
const V2 = to("host: one, subset: v2");
const workload = (namespace = "demo", labels = {}): WorkloadSource => ({
  kind: "workload",
  namespace,
  labels,
});
const join = (...parts: readonly string[]) => parts.join("\n---\n");

interface Asked {
  readonly host: string;
  readonly from?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly path?: string;
  readonly options?: CreateMeshOptions;
}

/** What a workload's request meets. */
function ask(manifests: string, asked: Asked): string {
  const { host, from = "demo", labels = {}, port = 80, path = "/", options = {} } = asked;
  const router = buildMesh(manifests, options).router(workload(from, labels));
  return tell(decide(router, { authority: host, port, path }));
}

/** What a request from outside meets. */
const askGateway = (manifests: string, host: string, options: CreateMeshOptions = {}) =>
  tell(decide(buildMesh(manifests, options).router(GATEWAY), { authority: host }));

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
  ])("a server of %s and a VirtualService of %s: %s is %s", (list, wanted, host, expected) => {
    expect(askGateway(join(server(list), bound(wanted)), host)).toBe(expected);
  });

  test("a server that wants TLS redirects, with a VirtualService or without", () => {
    const tls = ", tls: { httpsRedirect: true }";
    const manifests = join(server("[x.a.test, y.a.test]", tls), bound("[x.a.test]"));
    expect(askGateway(manifests, "x.a.test")).toBe("301 https://x.a.test/");
    expect(askGateway(manifests, "y.a.test")).toBe("301 https://y.a.test/");
    const router = buildMesh(manifests).router(GATEWAY);
    expect(tell(decide(router, { authority: "x.a.test", scheme: "https" }))).toBe("one:80/v1");
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

  test("routes that take everything come last", () => {
    const manifests = join(second(V1), first(to("host: two", "{ uri: { prefix: /b } }")));
    const router = buildMesh(manifests).router(GATEWAY);
    expect(tell(decide(router, { path: "/b" }))).toBe("two:80");
    expect(tell(decide(router, { path: "/a" }))).toBe("one:80/v1");
  });

  test("what stands after one that takes everything, in its own VirtualService, is never reached", () => {
    const every = "{ match: [{ uri: { prefix: / } }], route: [{ destination: { host: one } }] }";
    const later = "{ match: [{ uri: { prefix: /b } }], route: [{ destination: { host: two } }] }";
    const router = buildMesh(second(`[${every}, ${later}]`)).router(GATEWAY);
    expect(tell(decide(router, { path: "/b" }))).toBe("one:80");
  });

  test("in the mesh the first alone counts, and the explanation says so", () => {
    const spec = "hosts: [one]";
    const manifests = join(
      virtualService({ name: "b", http: V1, spec }),
      virtualService({ name: "a", http: V2, spec }),
    );
    expect(ask(manifests, { host: "one" })).toBe("one:80/v2");
    const { notes } = buildMesh(manifests).router(workload()).explain(buildRequest());
    expect(notes.filter((note) => note.includes("demo/b is not used")).length).toBe(1);
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
  });

  test("is refused with 502 what the registry has not, when it says so", () => {
    const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
    expect(ask("", { host: "example.test", options })).toBe("502");
  });

  test.each([
    ["hosts: [one]", "one", "one:80/v1"],
    ["hosts: [one.demo.svc.cluster.local]", "one", "one:80/v1"],
    ["hosts: [one], gateways: [mesh]", "one", "one:80/v1"],
    ["hosts: [one], gateways: [front]", "one", "one:80"],
    ["hosts: [one], gateways: [front, mesh]", "one", "one:80/v1"],
    ['hosts: ["*.demo.svc.cluster.local"]', "two", "one:80/v1"],
    ["hosts: [example.test]", "example.test", "one:80/v1"],
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
  });

  test("a host without a service has routes at port 80 only", () => {
    const manifests = vs(V1, "hosts: [example.test]");
    expect(ask(manifests, { host: "example.test", port: 81 })).toBe("example.test:81");
  });

  test("a port that is not HTTP has no routes", () => {
    expect(ask("", { host: "two", port: 81 })).toBe("two:81");
    const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
    expect(ask("", { host: "two", port: 90, options })).toBe("502");
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
  });
});

describe("exportTo", () => {
  test.each([
    ['["*"]', "one:80/v1", "one:80/v1"],
    ['["."]', "one:80/v1", "one:80"],
    ["[demo]", "one:80/v1", "one:80"],
    ["[other]", "one:80", "one:80/v1"],
    ['["~"]', "one:80", "one:80"],
  ])("%s of a VirtualService: at home %s, elsewhere %s", (exportTo, home, elsewhere) => {
    const vs = virtualService({ http: V1, spec: `hosts: [one], exportTo: ${exportTo}` });
    expect(ask(vs, { host: "one.demo" })).toBe(home);
    expect(ask(vs, { host: "one.demo", from: "other" })).toBe(elsewhere);
  });

  const rule = (namespace: string, version: string, more = "") => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: extra, namespace: ${namespace} }
spec: { host: two.demo.svc.cluster.local, subsets: [{ name: s, labels: { v: ${version} } }]${more} }
`;
  const vs = virtualService({ http: to("host: two, subset: s"), spec: "hosts: [two]" });
  const labelOf = (manifests: string, from: string) => {
    const router = buildMesh(join(vs, manifests)).router(workload(from, { team: "x" }));
    const decision = decide(router, { authority: "two.demo" });
    return decision.kind === "forward" ? decision.destination.labels["v"] : tell(decision);
  };
  test.each([
    // The caller's namespace, then the service's, then the root namespace (PushContext.destinationRule).
    [
      "the caller's own first",
      [rule("other", "a"), rule("demo", "b"), rule("istio-system", "c")],
      "a",
    ],
    ["then the service's", [rule("demo", "b"), rule("istio-system", "c")], "b"],
    ["then the root's", [rule("istio-system", "c"), rule("third", "d")], "c"],
    ["no other", [rule("third", "d")], "503 NC"],
    ["not a private one", [rule("demo", "b", ', exportTo: ["."]'), rule("istio-system", "c")], "c"],
    ["one exported by name", [rule("demo", "b", ", exportTo: [other]")], "b"],
    [
      "one that selects the caller",
      [rule("other", "a", ", workloadSelector: { matchLabels: { team: x } }")],
      "a",
    ],
    [
      "not one that selects others",
      [rule("other", "a", ", workloadSelector: { matchLabels: { team: y } }")],
      "503 NC",
    ],
  ])("of a DestinationRule: %s", (_, rules, expected) => {
    expect(labelOf(join(...rules), "other")).toBe(expected);
  });

  test("the root namespace's own proxies take the service's rule before their public one", () => {
    const rules = join(rule("demo", "b"), rule("istio-system", "c"));
    expect(labelOf(rules, "istio-system")).toBe("b");
    const own = join(rule("demo", "b"), rule("istio-system", "c", ', exportTo: ["."]'));
    expect(labelOf(own, "istio-system")).toBe("c");
  });

  test("two DestinationRules of a host are one, the first one's subsets kept", () => {
    const more = rule("demo", "z").replace("name: extra", "name: zz");
    const further = more.replace("name: s,", "name: t,").replace("name: zz", "name: yy");
    const manifests = join(rule("demo", "b"), more, further);
    expect(labelOf(manifests, "demo")).toBe("b");
    const other = virtualService({ http: to("host: two, subset: t"), spec: "hosts: [one]" });
    expect(ask(join(manifests, other), { host: "one" })).toBe("two:80/t");
  });
});

describe("a Sidecar", () => {
  const sidecar = (spec: string, namespace = "demo", name = "s") => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }
`;
  const CLOSED = ", outboundTrafficPolicy: { mode: REGISTRY_ONLY }";
  test.each([
    ['egress: [{ hosts: ["./*"] }]', "one:80"],
    ['egress: [{ hosts: ["*/*"] }]', "one:80"],
    ['egress: [{ hosts: ["demo/one.demo.svc.cluster.local"] }]', "one:80"],
    ['egress: [{ hosts: ["demo/two.demo.svc.cluster.local"] }]', "502"],
    ['egress: [{ hosts: ["other/*"] }]', "502"],
    ['egress: [{ hosts: ["~/*"] }]', "502"],
    ['egress: [{ port: { number: 81, protocol: HTTP }, hosts: ["./*"] }]', "502"],
    [
      'egress: [{ port: { number: 80, protocol: HTTP }, hosts: ["./*"] }, { hosts: ["other/*"] }]',
      "one:80",
    ],
    ['workloadSelector: { labels: { a: b } }, egress: [{ hosts: ["~/*"] }]', "one:80"],
  ])("with %s", (spec, expected) => {
    const general = sidecar(`egress: [{ hosts: ["*/*"] }]${CLOSED}`, "istio-system");
    const manifests = join(general, sidecar(spec + CLOSED));
    expect(ask(manifests, { host: "one" })).toBe(expected);
  });

  test("that selects the workload wins over the namespace's", () => {
    const manifests = join(
      sidecar(`egress: [{ hosts: ["./*"] }]${CLOSED}`, "demo", "a"),
      sidecar(`workloadSelector: { labels: { a: b } }, egress: [{ hosts: ["~/*"] }]${CLOSED}`),
    );
    expect(ask(manifests, { host: "one", labels: { a: "b" } })).toBe("502");
    expect(ask(manifests, { host: "one" })).toBe("one:80");
  });

  test("lets a request go where a VirtualService that it sees sends it", () => {
    const manifests = join(
      sidecar(`egress: [{ hosts: ["demo/one.demo.svc.cluster.local"] }]${CLOSED}`),
      virtualService({ http: to("host: two, port: { number: 81 }"), spec: "hosts: [one]" }),
    );
    expect(ask(manifests, { host: "one" })).toBe("two:81");
    expect(ask(manifests, { host: "two" })).toBe("502");
  });
});

describe("a ServiceEntry", () => {
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: demo }
spec: { hosts: [api.test, "*.wild.test"], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], location: MESH_EXTERNAL, resolution: DNS, exportTo: ["."] }
`;
  const options = { outboundTrafficPolicy: "REGISTRY_ONLY" } as const;
  test.each([
    [{ host: "api.test" }, "api.test:80"],
    [{ host: "x.wild.test" }, "*.wild.test:80"],
    [{ host: "api.test", port: 443 }, "502"],
    [{ host: "api.test", from: "other" }, "502"],
  ])("%j: %s", (asked, expected) => {
    expect(ask(entry, { ...asked, options })).toBe(expected);
  });

  test("has routes by a VirtualService", () => {
    const vs = virtualService({ http: V1, spec: "hosts: [api.test]" });
    expect(ask(join(entry, vs), { host: "api.test", options })).toBe("one:80/v1");
  });
});

describe("a delegate", () => {
  const root = (match: string, more = "") =>
    virtualService({
      name: "root",
      http: `[{ name: r, match: [${match}], delegate: { name: leaf }${more} }, { directResponse: { status: 404 } }]`,
    });
  const leaf = (match: string, spec = "exportTo: ['*']") =>
    virtualService({
      name: "leaf",
      spec,
      http: `[{ name: l, ${match === "" ? "" : `match: [${match}], `}route: [{ destination: { host: one } }] }]`,
    });
  const go = (manifests: string, path: string, headers = {}) =>
    tell(decide(buildMesh(manifests).router(GATEWAY), { path, headers }));

  test.each([
    ["{ uri: { prefix: /a } }", "", "/a/b", "one:80"],
    ["{ uri: { prefix: /a } }", "{ uri: { prefix: /a/b } }", "/a/b", "one:80"],
    ["{ uri: { prefix: /a } }", "{ uri: { prefix: /a/b } }", "/a/c", "404"],
    ["{ uri: { prefix: /a } }", "{ uri: { exact: /a/c } }", "/a/c", "one:80"],
    // What is no part of the root's match is dropped.
    ["{ uri: { prefix: /a } }", "{ uri: { prefix: /b } }", "/b", "404"],
    ["{ uri: { exact: /a } }", "{ uri: { exact: /a } }", "/a", "one:80"],
    ["{ uri: { exact: /a } }", "{ uri: { exact: /b } }", "/b", "404"],
    ["{ uri: { exact: /a } }", "{ uri: { prefix: /a } }", "/a", "404"],
    ["{ uri: { prefix: /a } }", "{ uri: { regex: '/a.*' } }", "/a", "404"],
    ["{ uri: { prefix: /a } }", "{ method: { exact: GET } }", "/a", "one:80"],
    ["{ uri: { prefix: /a }, ignoreUriCase: true }", "{ uri: { prefix: /a } }", "/a", "404"],
  ])("%s with %s at %s: %s", (outer, inner, path, expected) => {
    expect(go(join(root(outer), leaf(inner)), path)).toBe(expected);
  });

  test("that is not there, or not exported, takes its route away and nothing else", () => {
    const outer = root("{ uri: { prefix: /a } }");
    expect(go(outer, "/a")).toBe("404");
    const hidden = leaf("", 'exportTo: ["~"]');
    expect(go(join(outer, hidden), "/a")).toBe("404");
  });

  test("gets the root's settings where it has none, and a joined name", () => {
    const manifests = join(root("{ uri: { prefix: /a } }", ", timeout: 3s"), leaf(""));
    const decision = decide(buildMesh(manifests).router(GATEWAY), { path: "/a" });
    const route = { virtualService: "demo/root", route: "r-l", index: 0 };
    expect(decision).toMatchObject({ timeoutMs: 3000, route });
  });
});
