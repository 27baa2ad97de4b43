import { describe, expect, test } from "bun:test";
import { ask, askGateway, join, to, V1, V2, workload } from "./testing/ask-mesh.ts";
import { buildMesh, decide, tell, virtualService } from "./testing/build-mesh.ts";

describe("exportTo", () => {
  test.each([
    ['["*"]', "one:80/v1", "one:80/v1"],
    ['["."]', "one:80/v1", "one:80"],
    ["[demo]", "one:80/v1", "one:80"],
    ["[other]", "one:80", "one:80/v1"],
  ])("%s of a VirtualService: at home %s, elsewhere %s", (exportTo, home, elsewhere) => {
    const vs = virtualService({ http: V1, spec: `hosts: [one], exportTo: ${exportTo}` });
    expect(ask(vs, { host: "one.demo" })).toBe(home);
    expect(ask(vs, { host: "one.demo", from: "other" })).toBe(elsewhere);
  });

  test("to few goes before exportTo all: the own private one, then those exported by name", () => {
    const to = (name: string, http: string, exportTo: string, namespace = "demo") =>
      virtualService({
        name,
        http,
        namespace,
        spec: `hosts: [one.demo.svc.cluster.local]${exportTo}`,
      });
    const open = to("a", V2, "");
    const named = to("b", V1, ", exportTo: [other, demo]");
    const far = "one.demo.svc.cluster.local";
    const own = to(
      "c",
      `[{ route: [{ destination: { host: ${far} } }] }]`,
      ", exportTo: [.]",
      "other",
    );
    expect(ask(join(open, named), { host: "one" })).toBe("one:80/v1");
    expect(ask(join(open, named), { host: "one.demo", from: "other" })).toBe("one:80/v1");
    expect(ask(join(open, named, own), { host: "one.demo", from: "other" })).toBe("one:80");
    expect(ask(join(open, to("b", V1, ', exportTo: ["*"]')), { host: "one" })).toBe("one:80/v2");
  });

  test("of a Service: a gateway elsewhere does not know it", () => {
    const service = `
apiVersion: v1
kind: Service
metadata: { name: three, namespace: other, annotations: { networking.istio.io/exportTo: "., third" } }
spec: { ports: [{ port: 80, name: http }] }
`;
    const vs = virtualService({ http: to("host: three.other.svc.cluster.local") });
    expect(askGateway(join(service, vs), "x.test")).toBe("503 NC");
    expect(askGateway(join(service.replace("third", "demo"), vs), "x.test")).toBe(
      "three.other.svc.cluster.local:80",
    );
  });

  const rule = (namespace: string, version: string, more = "", name = "extra") => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: two.demo.svc.cluster.local, subsets: [{ name: s, labels: { v: ${version} } }]${more} }
`;
  /** A general rule, and one of another subset that selects a team. */
  const generalAnd = (team: string) => [
    rule("other", "b", ", exportTo: [., third]", "any"),
    rule("other", "a", `, workloadSelector: { matchLabels: { team: ${team} } }`).replace(
      ": s,",
      ": t,",
    ),
  ];
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
    [
      "of several the one that selects the caller",
      [
        rule("other", "a", ", workloadSelector: { matchLabels: { team: y } }", "x"),
        rule("other", "b", ", workloadSelector: { matchLabels: { team: x } }", "y"),
        rule("other", "c", "", "z"),
      ],
      "b",
    ],
    ["the first by name", [rule("demo", "b", "", "y"), rule("demo", "a", "", "x")], "a"],
    [
      "the oldest",
      [rule("demo", "b", "", "x"), rule("demo", "a", "", "y")].map((text, i) =>
        text.replace("metadata: {", `metadata: { creationTimestamp: "${2 - i}",`),
      ),
      "a",
    ],
    [
      "the one of the most specific host",
      [
        rule("demo", "b").replace("two.demo", "'*.demo").replace("local,", "local',"),
        rule("demo", "a", "", "z"),
      ],
      "a",
    ],
    // mergeDestinationRule and getExportedDestinationRuleFromNamespace of 1.30.
    [
      "nothing of a wider host than one that the caller does not see",
      [
        rule("demo", "a", ", exportTo: [third]"),
        rule("demo", "b", "", "wide").replace("two.demo.svc.cluster.local", "'*.local'"),
      ],
      "503 NC",
    ],
    [
      "a wider host than that of a private one",
      [
        rule("demo", "a", ", exportTo: [demo]"),
        rule("demo", "b", "", "wide").replace("two.demo.svc.cluster.local", "'*.local'"),
      ],
      "b",
    ],
    [
      "the last of those that are exported to different namespaces",
      [rule("demo", "a", ", exportTo: [other]", "x"), rule("demo", "b", "", "y")],
      "b",
    ],
    [
      "none that went into one exported to fewer",
      [
        rule("demo", "a", ", exportTo: [third]", "x"),
        rule("demo", "b", ", exportTo: [third, other]", "y"),
      ],
      "503 NC",
    ],
    ["the selecting one with what a general one adds", generalAnd("x"), "b"],
    ["the general one where none selects the caller", generalAnd("y"), "b"],
  ])("of a DestinationRule: %s", (_, rules, expected) => {
    expect(labelOf(join(...rules), "other")).toBe(expected);
  });

  test("the root namespace's own proxies take the service's rule before their public one", () => {
    const rules = join(rule("demo", "b"), rule("istio-system", "c"));
    expect(labelOf(rules, "istio-system")).toBe("b");
    const own = join(rule("demo", "b"), rule("istio-system", "c", ', exportTo: ["."]'));
    expect(labelOf(own, "istio-system")).toBe("c");
  });

  test("two DestinationRules of a host are one, the first one's subsets and policy kept", () => {
    const balanced = (how: string) => `, trafficPolicy: { loadBalancer: { simple: ${how} } }`;
    const further = rule("demo", "y", balanced("RANDOM"), "yy").replace("name: s,", "name: t,");
    const last = rule("demo", "z", balanced("ROUND_ROBIN"), "zz");
    const manifests = join(rule("demo", "b"), further, last);
    expect(labelOf(manifests, "demo")).toBe("b");
    const other = virtualService({ http: to("host: two, subset: t"), spec: "hosts: [one]" });
    const router = buildMesh(join(manifests, other)).router(workload());
    expect(decide(router, { authority: "one" })).toMatchObject({
      destination: { subset: "t", policy: { loadBalancer: "RANDOM" } },
    });
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

  test("of another namespace holds for nobody here, the root namespace's for all", () => {
    const closed = (namespace: string) =>
      sidecar(`egress: [{ hosts: ["~/*"] }]${CLOSED}`, namespace);
    expect(ask(closed("other"), { host: "one" })).toBe("one:80");
    expect(ask(closed("istio-system"), { host: "one" })).toBe("502");
  });

  test("that selects the workload wins over the namespace's", () => {
    const manifests = join(
      sidecar(`egress: [{ hosts: ["./*"] }]${CLOSED}`, "demo", "a"),
      sidecar(`workloadSelector: { labels: { a: b } }, egress: [{ hosts: ["~/*"] }]${CLOSED}`),
    );
    expect(ask(manifests, { host: "one", labels: { a: "b" } })).toBe("502");
    expect(ask(manifests, { host: "one" })).toBe("one:80");
  });

  test("with a listener for one port knows that port of a service alone", () => {
    const manifests = join(
      sidecar('egress: [{ port: { number: 80, protocol: HTTP }, hosts: ["./*"] }]'),
      virtualService({ http: to("host: two, port: { number: 81 }"), spec: "hosts: [one]" }),
    );
    expect(ask(manifests, { host: "one" })).toBe("503 NC");
    expect(ask(manifests, { host: "two" })).toBe("two:80");
  });

  test("lets a request go where a VirtualService that it sees sends it", () => {
    const manifests = join(
      sidecar(`egress: [{ hosts: ["demo/one.demo.svc.cluster.local"] }]${CLOSED}`),
      virtualService({ http: to("host: two, port: { number: 81 }"), spec: "hosts: [one]" }),
    );
    expect(ask(manifests, { host: "one" })).toBe("two:81");
    expect(ask(manifests, { host: "two" })).toBe("502");
  });

  test("lets the VirtualServices hold of which it imports a host", () => {
    const manifests = join(
      sidecar('egress: [{ hosts: ["demo/one.demo.svc.cluster.local"] }]'),
      virtualService({ name: "a", http: V1, spec: "hosts: [one, a.test]" }),
      virtualService({ name: "b", http: V1, spec: "hosts: [b.test]" }),
    );
    expect(ask(manifests, { host: "a.test" })).toBe("one:80/v1");
    expect(ask(manifests, { host: "b.test" })).toBe("b.test:80");
  });
});
