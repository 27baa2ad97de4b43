import { describe, expect, test } from "bun:test";
import { createMesh } from "../create-mesh.ts";
import { readManifests } from "../read-manifests.ts";
import { buildRequest } from "../testing/requests.ts";
import type { Decision, Source } from "../types.ts";
import { translateHttpRoutes } from "./index.ts";

const SERVICES = ["app", "web", "gate"]
  .map(
    (name) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { ${name === "gate" ? "istio: ingressgateway" : `app: ${name}`} }, ports: [{ name: http, port: 80 }] }
---`,
  )
  .join("");

const gateway = (listeners = "[{ name: http, port: 80, protocol: HTTP }]", more = "") => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: front, namespace: shop }
spec: { gatewayClassName: istio, listeners: ${listeners}${more} }
---`;

const route = (rules: string, more = "", name = "r", namespace = "shop") => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace} }
spec: { parentRefs: [{ name: front, namespace: shop }], rules: ${rules}${more} }
---`;

const SOURCE: Source = {
  kind: "gateway",
  labels: { "gateway.networking.k8s.io/gateway-name": "front" },
  namespace: "shop",
  port: 80,
};
const TO_APP = "backendRefs: [{ name: app, port: 80 }]";
const TO_WEB = "backendRefs: [{ name: web, port: 80 }]";

function decide(
  text: string,
  given: Parameters<typeof buildRequest>[0] = {},
  { source = SOURCE, random = 0 } = {},
): Decision {
  return createMesh(readManifests(SERVICES + text))
    .router(source)
    .decide(buildRequest(given), () => random);
}

/** Where a request goes: the Service's name, or the status. */
function where(decision: Decision): string | number {
  return decision.kind === "forward"
    ? (decision.destination.fqdn.split(".")[0] ?? "")
    : decision.status;
}

describe("a rule takes", () => {
  const one = (match: string) => gateway() + route(`[{ matches: [${match}], ${TO_APP} }]`);
  test.each<[string, Parameters<typeof buildRequest>[0], boolean]>([
    ["{ path: { type: Exact, value: /a } }", { path: "/a?b" }, true],
    ["{ path: { type: Exact, value: /a } }", { path: "/a/" }, false],
    ["{ path: { value: /a } }", { path: "/a" }, true],
    ["{ path: { value: /a } }", { path: "/a/b" }, true],
    ["{ path: { value: /a } }", { path: "/ab" }, false],
    ["{ path: { value: /a/ } }", { path: "/a" }, true],
    ["{ path: { value: / } }", { path: "/x" }, true],
    ["{}", { path: "/x" }, true],
    ["{ path: { type: RegularExpression, value: '/a[0-9]+' } }", { path: "/a12" }, true],
    ["{ path: { type: RegularExpression, value: '/a[0-9]+' } }", { path: "/a12/b" }, false],
    ["{ method: PUT }", { method: "PUT" }, true],
    ["{ method: PUT }", {}, false],
    ["{ headers: [{ name: X-A, value: '1' }] }", { headers: { "x-a": "1" } }, true],
    [
      "{ headers: [{ name: x-a, value: '1' }, { name: X-A, value: '2' }] }",
      { headers: { "x-a": "1" } },
      true,
    ],
    [
      "{ headers: [{ name: x-a, type: RegularExpression, value: 'a.*' }] }",
      { headers: { "x-a": "ab" } },
      true,
    ],
    [
      "{ headers: [{ name: x-a, value: '1' }, { name: x-b, value: '1' }] }",
      { headers: { "x-a": "1" } },
      false,
    ],
    ["{ queryParams: [{ name: q, value: '1' }] }", { path: "/?q=1" }, true],
    ["{ queryParams: [{ name: q, value: '1' }] }", { path: "/?q=2" }, false],
  ])("%s of %p: %p", (match, given, taken) => {
    expect(where(decide(one(match), given))).toBe(taken ? "app" : 404);
  });

  test("everything, without a match", () => {
    expect(where(decide(gateway() + route(`[{ ${TO_APP} }]`), { path: "/x" }))).toBe("app");
  });

  test("nothing but 500 without a backend, or without a rule", () => {
    expect(where(decide(gateway() + route("[{}]")))).toBe(500);
    expect(
      where(decide(gateway() + route("[{ backendRefs: [{ name: app, port: 80, weight: 0 }] }]"))),
    ).toBe(500);
    expect(where(decide(gateway() + route("[]")))).toBe(500);
  });
});

describe("the more exact rule wins", () => {
  const two = (first: string, second: string) =>
    gateway() + route(`[{ matches: [${first}], ${TO_APP} }, { matches: [${second}], ${TO_WEB} }]`);
  const all = { path: "/a/b?q=1&r=2", method: "GET", headers: { x: "1", y: "2" } };
  test.each([
    [
      "an exact path before a prefix",
      "{ path: { value: /a/b } }",
      "{ path: { type: Exact, value: /a/b } }",
    ],
    ["a longer prefix", "{ path: { value: /a } }", "{ path: { value: /a/b } }"],
    [
      "a prefix before a pattern",
      "{ path: { type: RegularExpression, value: /.* } }",
      "{ path: { value: / } }",
    ],
    ["a method", "{ headers: [{ name: x, value: '1' }] }", "{ method: GET }"],
    [
      "more headers",
      "{ headers: [{ name: x, value: '1' }] }",
      "{ headers: [{ name: x, value: '1' }, { name: y, value: '2' }] }",
    ],
    [
      "a header before parameters",
      "{ queryParams: [{ name: q, value: '1' }] }",
      "{ headers: [{ name: x, value: '1' }] }",
    ],
    [
      "more parameters",
      "{ queryParams: [{ name: q, value: '1' }] }",
      "{ queryParams: [{ name: q, value: '1' }, { name: r, value: '2' }] }",
    ],
  ])("%s", (_, less, more) => {
    expect(where(decide(two(less, more), all))).toBe("web");
    expect(where(decide(two(more, less), all))).toBe("app");
  });

  test("of equal ones the first rule, and the route that comes first by name", () => {
    expect(where(decide(two("{}", "{}")))).toBe("app");
    const routes =
      gateway() + route(`[{ ${TO_APP} }]`, "", "b") + route(`[{ ${TO_WEB} }]`, "", "a");
    expect(where(decide(routes))).toBe("web");
  });

  test("rules of routes with other names for one host are one list", () => {
    const listener = "[{ name: http, port: 80, protocol: HTTP, hostname: a.test }]";
    const routes =
      gateway(listener) +
      route(`[{ matches: [{ path: { value: /b } }], ${TO_APP} }]`, "", "a") +
      route(
        `[{ matches: [{ path: { value: /b/c } }], ${TO_WEB} }]`,
        ", hostnames: ['*.test']",
        "b",
      );
    expect(where(decide(routes, { path: "/b/c", authority: "a.test" }))).toBe("web");
  });

  test("rules of several routes are one list", () => {
    const routes =
      gateway() +
      route(`[{ ${TO_APP} }]`, "", "a") +
      route(`[{ matches: [{ path: { value: /b } }], ${TO_WEB} }]`, "", "b");
    expect([where(decide(routes, { path: "/b/c" })), where(decide(routes))]).toEqual([
      "web",
      "app",
    ]);
  });
});

describe("filters", () => {
  const rule = (filters: string, match = "{}", more = TO_APP) =>
    gateway() + route(`[{ matches: [${match}], filters: [${filters}], ${more} }]`);

  test("change headers of requests and answers", () => {
    const text = rule(
      "{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: a, value: '1' }], remove: [b] } }, { type: ResponseHeaderModifier, responseHeaderModifier: { add: [{ name: c, value: '2' }] } }",
    );
    expect(decide(text)).toMatchObject({
      request: { set: [["a", "1"]], add: [], remove: ["b"] },
      response: { set: [], add: [["c", "2"]], remove: [] },
    });
  });

  test("change headers of one backend", () => {
    const text = rule(
      "",
      "{}",
      "backendRefs: [{ name: app, port: 80, filters: [{ type: ResponseHeaderModifier, responseHeaderModifier: { set: [{ name: a, value: '1' }] } }] }]",
    );
    expect(decide(text)).toMatchObject({ response: { set: [["a", "1"]] } });
  });

  test.each([
    ["{ hostname: a.test }", 302, "http://a.test/x?q"],
    ["{ scheme: https, statusCode: 301 }", 301, "https://hookline.test/x?q"],
    ["{ port: 8080 }", 302, "http://hookline.test:8080/x?q"],
    ["{ path: { type: ReplaceFullPath, replaceFullPath: /y } }", 302, "http://hookline.test/y?q"],
  ])("redirect by %s: %d to %s", (redirect, status, location) => {
    const text = rule(
      `{ type: RequestRedirect, requestRedirect: ${redirect} }`,
      "{}",
      "backendRefs: []",
    );
    expect(decide(text, { path: "/x?q" })).toMatchObject({ kind: "redirect", status, location });
  });

  test.each([
    ["/a", "/x", "/a", "/x"],
    ["/a", "/x", "/a/b?q=1", "/x/b?q=1"],
    ["/a", "/x/", "/a/b", "/x/b"],
    ["/a", "/", "/a/b", "/b"],
    ["/a", "/", "/a", "/"],
    ["/", "/x", "/b", "/x/b"],
  ])("rewrite the prefix %s to %s: %s becomes %s", (value, wished, path, expected) => {
    const filter = `{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: ${wished} } } }`;
    expect(decide(rule(filter, `{ path: { value: ${value} } }`), { path })).toMatchObject({
      rewrite: { path: expected },
    });
  });

  test("rewrite the whole path and the host", () => {
    const filter =
      "{ type: URLRewrite, urlRewrite: { hostname: a.test, path: { type: ReplaceFullPath, replaceFullPath: /x } } }";
    expect(decide(rule(filter), { path: "/a/b?q" })).toMatchObject({
      rewrite: { path: "/x?q", authority: "a.test" },
    });
  });

  test.each([
    ["", 0.999, 1],
    [", percent: 50", 0.4, 1],
    [", percent: 50", 0.6, 0],
    [", fraction: { numerator: 1, denominator: 4 }", 0.2, 1],
    [", fraction: { numerator: 1, denominator: 4 }", 0.3, 0],
  ])("mirror%s, drawn %d: %d times", (part, random, times) => {
    const text = rule(
      `{ type: RequestMirror, requestMirror: { backendRef: { name: web, port: 80 }${part} } }`,
    );
    expect(decide(text, {}, { random })).toMatchObject({
      mirrors: times === 0 ? [] : [{ destination: { fqdn: "web.shop.svc.cluster.local" } }],
    });
  });
});

test("weights share requests", () => {
  const text =
    gateway() +
    route("[{ backendRefs: [{ name: app, port: 80, weight: 3 }, { name: web, port: 80 }] }]");
  const drawn = [0, 0.74, 0.76, 0.99].map((random) => where(decide(text, {}, { random })));
  expect(drawn).toEqual(["app", "app", "web", "web"]);
});

test.each([
  ["timeouts: { request: 3s }", { timeoutMs: 3000 }],
  ["timeouts: { request: 0s }", { timeoutMs: undefined }],
  ["timeouts: { request: 3s, backendRequest: 1s }", { timeoutMs: 1000 }],
  [
    "timeouts: { request: 3s, backendRequest: 1s }, retry: { attempts: 2, codes: [503] }",
    { timeoutMs: 3000, retries: { attempts: 2, perTryTimeoutMs: 1000 } },
  ],
])("%s", (times, expected) => {
  expect(decide(gateway() + route(`[{ ${TO_APP}, ${times} }]`))).toMatchObject(expected);
});

describe("a route hangs on", () => {
  const to = (parent: string, more = "", name = "r", namespace = "shop") =>
    route(`[{ ${TO_APP} }]`, more, name, namespace).replace(
      "{ name: front, namespace: shop }",
      parent,
    );
  const LISTENERS =
    "[{ name: a, port: 80, protocol: HTTP, hostname: a.test }, { name: b, port: 80, protocol: HTTP, hostname: '*.b.test' }, { name: c, port: 81, protocol: HTTP }]";
  const at = (authority: string) => ({ authority });
  test.each([
    ["every listener", to("{ name: front }"), "a.test", "app"],
    ["every listener", to("{ name: front }"), "x.b.test", "app"],
    ["no host of none", to("{ name: front }"), "c.test", 404],
    ["the listener of the name", to("{ name: front, sectionName: a }"), "x.b.test", 404],
    ["the listener of the port", to("{ name: front, port: 81 }"), "a.test", 404],
    ["its own hosts only", to("{ name: front }", ", hostnames: [y.b.test]"), "x.b.test", 404],
    ["its own hosts", to("{ name: front }", ", hostnames: [y.b.test]"), "y.b.test", "app"],
    ["another gateway", to("{ name: back }"), "a.test", 404],
    ["another kind", to("{ name: front, kind: Other }"), "a.test", 404],
  ])("%s", (_, text, host, expected) => {
    expect(where(decide(gateway(LISTENERS) + text, at(host)))).toBe(expected);
  });

  test.each([
    ["Same", 404],
    ["All", "app"],
    ["None", 404],
  ])("a listener that takes routes from %s namespaces, for another's: %s", (from, expected) => {
    const listener = `[{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: ${from} } } }]`;
    const service =
      "\napiVersion: v1\nkind: Service\nmetadata: { name: app, namespace: other }\nspec: { ports: [{ name: http, port: 80 }] }\n---";
    expect(
      where(
        decide(
          gateway(listener) + service + to("{ name: front, namespace: shop }", "", "r", "other"),
        ),
      ),
    ).toBe(expected);
  });

  test("a gateway that runs already", () => {
    const text =
      gateway(undefined, ", addresses: [{ type: Hostname, value: gate.shop.svc.cluster.local }]") +
      to("{ name: front }");
    const source = { ...SOURCE, labels: { istio: "ingressgateway" } };
    expect([where(decide(text, {}, { source })), where(decide(text))]).toEqual(["app", 404]);
  });

  test("a Service, for its callers", () => {
    const text = route(`[{ ${TO_WEB} }]`).replace(
      "{ name: front, namespace: shop }",
      "{ group: '', kind: Service, name: app }",
    );
    const source: Source = { kind: "workload", labels: {}, namespace: "shop" };
    expect(where(decide(text, { authority: "app" }, { source }))).toBe("web");
    expect(where(decide("", { authority: "app" }, { source }))).toBe("app");
  });

  test("not a gateway of another class", () => {
    expect(
      where(
        decide(
          gateway().replace("gatewayClassName: istio", "gatewayClassName: x") +
            to("{ name: front }"),
        ),
      ),
    ).toBe(404);
  });
});

test("translateHttpRoutes() gives resources without an HTTPRoute as they are", () => {
  const resources = readManifests(SERVICES);
  expect(translateHttpRoutes(resources)).toBe(resources);
});

describe("translateHttpRoutes() refuses", () => {
  const rule = (fields: string) => gateway() + route(`[{ ${TO_APP}, ${fields} }]`);
  const filter = (text: string) => rule(`filters: [${text}]`);
  test.each([
    [
      "an extension",
      filter("{ type: ExtensionRef, extensionRef: {} }"),
      "INVALID",
      "filters[0].type",
    ],
    [
      "an unknown field",
      rule("sessionPersistence: {}"),
      "UNSUPPORTED",
      "rules[0].sessionPersistence",
    ],
    [
      "a redirect of a prefix",
      filter(
        "{ type: RequestRedirect, requestRedirect: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /x } } }",
      ),
      "UNSUPPORTED",
      "replaces a prefix",
    ],
    [
      "a prefix of an exact path",
      rule(
        "matches: [{ path: { type: Exact, value: /a } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /x } } }]",
      ),
      "INVALID",
      "needs a match of PathPrefix",
    ],
    [
      "a backend of another namespace",
      gateway() + route("[{ backendRefs: [{ name: app, namespace: x, port: 80 }] }]"),
      "UNSUPPORTED",
      "ReferenceGrant",
    ],
    [
      "a backend without a port",
      gateway() + route("[{ backendRefs: [{ name: app }] }]"),
      "INVALID",
      "backendRefs[0].port",
    ],
    [
      "percent and fraction",
      filter(
        "{ type: RequestMirror, requestMirror: { backendRef: { name: web, port: 80 }, percent: 1, fraction: { numerator: 1 } } }",
      ),
      "INVALID",
      "percent or fraction",
    ],
    [
      "listeners by a selector",
      gateway(
        "[{ name: a, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector } } }]",
      ),
      "INVALID",
      "namespaces.from",
    ],
    [
      "an address that is no Service",
      gateway(undefined, ", addresses: [{ value: 192.0.2.1 }]"),
      "UNSUPPORTED",
      "192.0.2.1",
    ],
  ])("%s", (_, text, code, message) => {
    expect(() => decide(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
