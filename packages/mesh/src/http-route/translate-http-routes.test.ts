import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import {
  decide,
  gateway,
  route,
  SERVICES,
  SOURCE,
  TO_APP,
  TO_WEB,
  where,
} from "../testing/http-routes.ts";
import type { Source } from "../types.ts";
import { translateHttpRoutes } from "./index.ts";

test.each([
  ["timeouts: { request: 3s }", { timeoutMs: 3000 }],
  ["timeouts: { request: 0s }", { timeoutMs: undefined }],
  ["timeouts: { request: 3s, backendRequest: 1s }", { timeoutMs: 1000 }],
  [
    "timeouts: { request: 3s, backendRequest: 1s }, retry: { attempts: 2, codes: [503] }",
    { timeoutMs: 3000, retries: { attempts: 2, perTryTimeoutMs: 1000 } },
  ],
  [
    "timeouts: { request: 3s, backendRequest: 1s }, retry: { attempts: 0 }",
    { timeoutMs: 3000, retries: undefined },
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
