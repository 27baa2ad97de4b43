import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import { CLEAN, check, more } from "../testing/small-mesh.ts";
import { lint } from "./index.ts";

const golden = new URL("../../../../gitops/golden/", import.meta.url).pathname;

test("nothing is wrong with the small mesh", () => {
  expect(check(CLEAN)).toEqual([]);
});

test.each(["canary", "monitoring", "production", "ratelimit", "shadow"])(
  "nothing is wrong with the overlay %s",
  async (overlay) => {
    expect(check(await Bun.file(`${golden}${overlay}.yaml`).text())).toEqual([]);
  },
  120_000,
);

describe("lint() lets pass", () => {
  test.each([
    [
      "a host of a ServiceEntry",
      "host: app, subset: v1 } }]",
      "host: api.test } }]",
      more(
        "ServiceEntry:api",
        "{ hosts: ['*.test'], ports: [{ number: 443, name: https, protocol: HTTPS }] }",
      ),
    ],
    [
      "a cookie of a route with one destination",
      "destination: { host: app, subset: v1 } }]",
      "destination: { host: app, subset: v1 }, headers: { response: { set: { set-cookie: other=1 } } } }]",
      "",
    ],
    [
      "a cookie of a route that draws nothing, another header of one that draws",
      "{ response: { add: {",
      "{ response: { add: { other: header,",
      more(
        "VirtualService:second",
        "{ hosts: [a.test], http: [{ route: [{ destination: { host: app, subset: v1 }, weight: 100, headers: { response: { set: { set-cookie: a=b } } } }, { destination: { host: app, subset: v2 }, weight: 0 }] }] }",
      ),
    ],
    [
      "a rule for many hosts, whose subsets not all of them fill",
      "spec: { host: app, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }",
      "spec: { host: app, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }",
      more(
        "DestinationRule:all",
        "{ host: '*.shop.svc.cluster.local', subsets: [{ name: v3, labels: { version: v3 } }] }",
      ),
    ],
    [
      "a header that may be skipped",
      "descriptor_key: user }",
      "descriptor_key: user, skip_if_absent: true }",
      "",
    ],
    [
      "somebody else's file with a domain",
      "",
      "",
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: shop }\ndata: { x.yaml: "domain: x\\nport: 80" }\n',
    ],
    ["a route for whoever has a cookie", '{ regex: "(.*; )?version=v[12](;.*)?" }', "{}", ""],
    [
      "somebody else's file of several documents",
      "",
      "",
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: shop }\ndata: { x.yaml: "domain: x\\n---\\nport: 80" }\n',
    ],
    ["a gateway with its namespace", "gateways: [front]", "gateways: [shop/front]", ""],
    ["a gateway for its own namespace", 'hosts: ["shop.test"]', 'hosts: ["./shop.test"]', ""],
    ["the mesh beside a gateway", "gateways: [front]", "gateways: [front, mesh]", ""],
    [
      "a host that a ServiceEntry has by name, another by a wildcard",
      "host: app, subset: v1 } }]",
      "host: api.test, port: { number: 80 } } }]",
      more("ServiceEntry:wide", "{ hosts: ['*.test'], ports: [{ number: 443, name: https }] }") +
        more("ServiceEntry:api", "{ hosts: [api.test], ports: [{ number: 80, name: http }] }"),
    ],
    [
      "a rule for a host of a ServiceEntry",
      "",
      "",
      more("ServiceEntry:wide", "{ hosts: ['*.test'], ports: [{ number: 443, name: https }] }") +
        more("DestinationRule:api", "{ host: api.test }"),
    ],
    [
      "rules of one host that Istio joins",
      "",
      "",
      more("DestinationRule:b", "{ host: app, trafficPolicy: { loadBalancer: {} } }") +
        more("DestinationRule:c", "{ host: app, subsets: [{ name: all, labels: {} }] }"),
    ],
    [
      "a rule of one host in another namespace",
      "",
      "",
      more(
        "DestinationRule:other",
        "{ host: app.shop.svc.cluster.local, subsets: [{ name: v1, labels: { version: v1 } }] }",
      ).replace("namespace: shop", "namespace: other"),
    ],
    [
      "one destination with its weight",
      "destination: { host: app, subset: v1 } }]",
      "destination: { host: app, subset: v1 }, weight: 100 }]",
      "",
    ],
    [
      "VirtualServices of the mesh for different namespaces",
      "",
      "",
      more(
        "VirtualService:one",
        "{ hosts: [app], exportTo: [a], http: [{ route: [{ destination: { host: app } }] }] }",
      ) +
        more(
          "VirtualService:two",
          "{ hosts: [app], exportTo: [b], http: [{ route: [{ destination: { host: app } }] }] }",
        ),
    ],
    [
      "a host of a gateway that the mesh has as well",
      "",
      "",
      more(
        "VirtualService:second",
        "{ hosts: [shop.test], http: [{ route: [{ destination: { host: app } }] }] }",
      ),
    ],
    [
      "different hosts of the mesh",
      "",
      "",
      more(
        "VirtualService:one",
        "{ hosts: [app], http: [{ route: [{ destination: { host: app } }] }] }",
      ) +
        more(
          "VirtualService:two",
          "{ hosts: [ratelimit], http: [{ route: [{ destination: { host: app } }] }] }",
        ),
    ],
    [
      "gateways of other hosts",
      "",
      "",
      more(
        "Gateway:second",
        '{ selector: { istio: ingressgateway }, servers: [{ port: { name: http, number: 80, protocol: HTTP }, hosts: ["b.test"] }] }',
      ),
    ],
    [
      "gateways of other pods",
      "",
      "",
      more(
        "Gateway:second",
        '{ selector: { istio: other }, servers: [{ port: { name: http, number: 80, protocol: HTTP }, hosts: ["*"] }] }',
      ),
    ],
    [
      "gateways of other ports",
      "",
      "",
      more(
        "Gateway:second",
        '{ selector: { istio: ingressgateway }, servers: [{ port: { name: http, number: 81, protocol: HTTP }, hosts: ["*"] }] }',
      ),
    ],
    [
      "a Service of a name in another namespace",
      "",
      "",
      more("Service:app", "{ ports: [{ name: http, port: 80 }] }").replace("shop", "other"),
    ],
    [
      "a ServiceEntry of pods that are not here",
      "",
      "",
      more(
        "ServiceEntry:far",
        "{ hosts: [far.test], ports: [{ number: 80, name: http }], resolution: STATIC, workloadSelector: { labels: { app: far } } }",
      ),
    ],
    [
      "a pod with a port that no Service has",
      "{ ports: [{ name: http, containerPort: 8080 }] }",
      "{ ports: [{ name: http, containerPort: 8080 }, { containerPort: 9090 }] }",
      "",
    ],
    [
      "a Sidecar of some workloads beside the namespace's",
      "",
      "",
      more(
        "Sidecar:some",
        "{ workloadSelector: { labels: { app: app } }, egress: [{ hosts: [./*] }] }",
      ),
    ],
    [
      "policies of the mesh, and of a gateway",
      "",
      "",
      more("PeerAuthentication:mesh", "{ mtls: { mode: STRICT } }")
        .replace("networking.", "security.")
        .replace("shop", "istio-system") +
        more(
          "AuthorizationPolicy:front",
          "{ selector: { matchLabels: { istio: ingressgateway } }, rules: [{}] }",
        ).replace("networking.", "security."),
    ],
    [
      "a Service without a selector",
      "",
      "",
      more("Service:outside", "{ ports: [{ name: http, port: 80 }] }"),
    ],
  ])("%s", (_, old, changed, text) => {
    expect(check(CLEAN.replace(old, changed) + text)).toEqual([]);
  });
});

describe("lint() reads an HTTPRoute", () => {
  const head = "---\napiVersion: gateway.networking.k8s.io/v1\n";
  const route = (backend: string) => `${head}kind: Gateway
metadata: { name: api, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 81, protocol: HTTP }] }
${head}kind: HTTPRoute
metadata: { name: app, namespace: shop }
spec: { parentRefs: [{ name: api }], rules: [{ backendRefs: [{ ${backend} }] }] }
`;
  test.each([
    ["name: app, port: 80", undefined],
    ["name: app, port: 81", "HKL0101"],
    ["name: other, port: 80", "IST0101"],
    ["name: app", "IST0106"],
    ["name: app, namespace: x, port: 80", "HKL0001"],
  ])("with the backend %s: %s", (backend, code) => {
    expect<string | undefined>(check(CLEAN + route(backend))[0]?.code).toBe(code);
  });
});

test("lint() says of a server of TLS that it is not modelled, not that Istio would refuse it", () => {
  const port = "port: { number: 443, name: tls, protocol: TLS }";
  const server = `{ ${port}, hosts: [a.test], tls: { mode: SIMPLE, credentialName: a } }`;
  const found = check(CLEAN + more("Gateway:second", `{ servers: [${server}] }`));
  expect(found.map(({ code }) => code)).toEqual(["HKL0001"]);
});

test.each(["metadata:", "metadata: { name: }"])("lint() says what is wrong with %j", (metadata) => {
  const found = check(`${CLEAN}---\napiVersion: v1\nkind: ConfigMap\n${metadata}\ndata: {}\n`);
  const field = metadata.includes("name") ? "metadata.name" : "metadata";
  expect(found).toMatchObject([{ code: "IST0106", resource: "ConfigMap", field }]);
});

test("lint() gives the worst first", () => {
  const levels = check(
    CLEAN.replace("name: http, port: 80", "name: web, port: 80")
      .replace("weight: 90", "weight: 80")
      .replace("gateways: [front]", "gateways: [back]"),
  ).map(({ level }) => level);
  expect(levels).toEqual(["error", "warning", "info"]);
});

test("lint() without a reader of YAML does not compare descriptors", () => {
  const text = CLEAN.replace("descriptor_key: user", "descriptor_key: name");
  expect(lint(readManifests(text))).toEqual([]);
});
