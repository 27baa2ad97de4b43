import { describe, expect, test } from "bun:test";
import {
  buildMesh,
  buildRouter,
  decide,
  GATEWAY,
  tell,
  virtualService,
} from "./testing/build-mesh.ts";
import { FILTER, filter, vhost } from "./testing/limit-filters.ts";
import type { buildRequest } from "./testing/requests.ts";

type Given = Parameters<typeof buildRequest>[0];
const TO_ONE = "route: [{ destination: { host: one } }]";
const ask = (match: string, given: Given) =>
  tell(
    decide(
      buildRouter(`[{ match: [${match}], ${TO_ONE} }, { directResponse: { status: 404 } }]`),
      given,
    ),
  );

describe("a match", () => {
  test.each<[string, Given, boolean]>([
    ["{ uri: { exact: /a } }", { path: "/a?q" }, true],
    ["{ uri: { exact: /a } }", { path: "/a/" }, false],
    ["{ uri: { exact: /a } }", { path: "/A" }, false],
    ["{ uri: { exact: /A } }", { path: "/A" }, true],
    ["{ uri: { exact: / } }", { path: "/a" }, false],
    ["{ uri: { exact: /a }, ignoreUriCase: true }", { path: "/A" }, true],
    ["{ uri: { prefix: /a } }", { path: "/ab" }, true],
    ["{ uri: { prefix: /Ab }, ignoreUriCase: true }", { path: "/aBc" }, true],
    ["{ uri: { regex: '/a+' } }", { path: "/aa?x" }, true],
    ["{ uri: { regex: '/a+' } }", { path: "/aab" }, false],
    ["{ method: { exact: GET } }", {}, true],
    ["{ method: { prefix: P } }", { method: "PUT" }, true],
    ["{ method: { exact: get } }", {}, false],
    ["{ scheme: { exact: https } }", { scheme: "https" }, true],
    ["{ scheme: { exact: https } }", {}, false],
    ["{ authority: { exact: a.test } }", { authority: "a.test" }, true],
    // The port is a part of the authority that is matched, though not of the host that is looked up.
    ["{ authority: { exact: a.test } }", { authority: "a.test:80" }, false],
    ["{ authority: { prefix: a. } }", { authority: "a.test:80" }, true],
    ["{ headers: { X-A: { exact: b } } }", { headers: { "x-a": "b" } }, true],
    ["{ headers: { x-a: { exact: b } } }", { headers: { "x-a": "B" } }, false],
    ["{ headers: { x-a: {} } }", { headers: { "x-a": "" } }, true],
    ["{ headers: { ':path': { exact: '/a?b' } } }", { path: "/x/../a?b" }, true],
    ["{ withoutHeaders: { ':path': { prefix: /a } } }", { path: "/a" }, false],
    ["{ headers: { ':scheme': { exact: http }, host: { prefix: hook } } }", {}, true],
    ["{ headers: { x-a: {} } }", {}, false],
    ["{ withoutHeaders: { x-a: { regex: '*' } } }", { headers: { "x-a": "b" } }, false],
    ["{ withoutHeaders: { x-a: { regex: '*' } } }", {}, true],
    ["{ headers: { x-a: { regex: '.*' } } }", {}, false],
    ["{ headers: { x-a: { exact: b }, x-c: { exact: d } } }", { headers: { "x-a": "b" } }, false],
    ["{ withoutHeaders: { x-a: {} } }", {}, true],
    ["{ withoutHeaders: { x-a: {} } }", { headers: { "x-a": "b" } }, false],
    ["{ withoutHeaders: { x-a: { exact: b } } }", { headers: { "x-a": "c" } }, true],
    ["{ withoutHeaders: { x-a: { exact: b } } }", { headers: { "x-a": "b" } }, false],
    ["{ withoutHeaders: { x-a: { exact: b } } }", {}, true],
    // An absent header is taken for an empty one here (route.go: TreatMissingHeaderAsEmpty).
    ["{ withoutHeaders: { x-a: { regex: 'b?' } } }", {}, false],
    ["{ queryParams: { q: { exact: '1' } } }", { path: "/?q=1" }, true],
    ["{ queryParams: { q: { exact: '1' } } }", { path: "/?p=2&q=1&q=2" }, true],
    ["{ queryParams: { q: { exact: '1' } } }", { path: "/?q=2&q=1" }, false],
    ["{ queryParams: { q: { exact: 'a b' } } }", { path: "/?q=a%20b" }, false],
    ["{ queryParams: { q: {} } }", { path: "/?q" }, true],
    ["{ queryParams: { q: {} } }", { path: "/q" }, false],
    ["{ queryParams: { q: { prefix: a } } }", { path: "/?q=ab" }, true],
    ["{ queryParams: { q: { regex: 'a+' } } }", { path: "/?q=ab" }, false],
    ["{ port: 80 }", {}, true],
    ["{ port: 81 }", {}, false],
    ["{ gateways: [front] }", {}, true],
    ["{ gateways: [demo/front] }", {}, true],
    ["{ gateways: [other/front] }", {}, false],
    ["{ gateways: [mesh] }", {}, false],
    ["{ sourceLabels: { istio: ingressgateway } }", {}, true],
    ["{ sourceLabels: { istio: other } }", {}, false],
    // Gateways that are named take the labels' place (route.go: sourceMatchHTTP).
    ["{ gateways: [front], sourceLabels: { istio: other } }", {}, true],
    ["{ sourceNamespace: demo }", {}, true],
    ["{ sourceNamespace: other }", {}, false],
    ["{ uri: { prefix: /a }, method: { exact: PUT } }", { path: "/a" }, false],
    ["{ uri: { prefix: /b } }, { method: { exact: GET } }", { path: "/a" }, true],
  ])("%s on %j: %p", (match, given, matched) => {
    expect(ask(match, given)).toBe(matched ? "one:80" : "404");
  });

  test.each([
    ["[{ name: a, match: [{ name: b }], route: [{ destination: { host: one } }] }]", "a.b"],
    ["[{ name: a, route: [{ destination: { host: one } }] }]", "a"],
    ["[{ match: [{ name: b }], route: [{ destination: { host: one } }] }]", ".b"],
  ])("names its route: %s", (http, name) => {
    const route = { virtualService: "demo/vs", route: name, index: 0 };
    expect(decide(buildRouter(http))).toMatchObject({ route });
  });
});

describe("a path is normalised", () => {
  const paths = [
    // path, BASE, MERGE_SLASHES, DECODE_AND_MERGE_SLASHES; as Envoy 1.40 answered.
    ["/x/../metrics", "/metrics", "/metrics", "/metrics"],
    ["/%2e/metrics", "/metrics", "/metrics", "/metrics"],
    ["/%6Detrics", "/metrics", "/metrics", "/metrics"],
    ["/x\\..\\metrics", "/metrics", "/metrics", "/metrics"],
    ["//metrics", "//metrics", "/metrics", "/metrics"],
    ["/\\metrics", "//metrics", "/metrics", "/metrics"],
    ["/x/..//metrics", "//metrics", "/metrics", "/metrics"],
    ["/a//../metrics", "/a/metrics", "/a/metrics", "/a/metrics"],
    ["/%2Fmetrics", "/%2Fmetrics", "/%2Fmetrics", "/metrics"],
    ["/a/%2e%2e%2fmetrics", "/a/..%2fmetrics", "/a/..%2fmetrics", "/metrics"],
    ["/%5cmetrics", "/%5cmetrics", "/%5cmetrics", "/metrics"],
    ["/Metrics", "/Metrics", "/Metrics", "/Metrics"],
    ["/%25metrics", "/%25metrics", "/%25metrics", "/%25metrics"],
    ["/..", "/", "/", "/"],
    ["/a/.", "/a/", "/a/", "/a/"],
    ["/a.b/c.", "/a.b/c.", "/a.b/c.", "/a.b/c."],
    ["/a?x=/../y//z", "/a?x=/../y//z", "/a?x=/../y//z", "/a?x=/../y//z"],
    [
      '/a"<>^`{|}b',
      "/a%22%3C%3E%5E%60%7B%7C%7Db",
      "/a%22%3C%3E%5E%60%7B%7C%7Db",
      "/a%22%3C%3E%5E%60%7B%7C%7Db",
    ],
    ["///", "///", "//", "//"],
    ["/a%", "/a%", "/a%", "/a%"],
    ["/a%zz", "/a%zz", "/a%zz", "/a%zz"],
    ["/a#b", undefined, undefined, undefined],
    ["/a%00", undefined, undefined, undefined],
    ["/a b", undefined, undefined, undefined],
    ["a", undefined, undefined, undefined],
    ["", undefined, undefined, undefined],
  ] as const;
  const modes = ["BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"] as const;
  const rows = paths.flatMap(([path, ...wanted]) =>
    modes.map((mode, index) => [path, mode, wanted[index]] as const),
  );
  test.each(rows)("%j under %s is %j", (path, pathNormalization, wanted) => {
    const router = buildRouter(`[{ ${TO_ONE} }]`, { pathNormalization });
    const decision = decide(router, { path });
    const found = decision.kind === "forward" ? (decision.rewrite?.path ?? path) : undefined;
    expect(found).toBe(wanted);
    expect(decision.kind === "none" ? decision.status : 0).toBe(wanted === undefined ? 400 : 0);
  });

  test("before the limiter is asked", () => {
    const action =
      "{ header_value_match: { descriptor_value: admin, headers: [{ name: ':path', string_match: { prefix: /admin } }] } }";
    const limits = filter("limits", FILTER + vhost("{}", action)).replace("hookline", "demo");
    const vs = virtualService({ http: `[{ ${TO_ONE} }]` });
    const router = buildMesh(`${limits}${vs}`).router(GATEWAY);
    const decision = decide(router, { path: "/x/../admin" });
    expect(decision).toMatchObject({ limits: { descriptors: [[["header_match", "admin"]]] } });
  });

  test("not at all under NONE", () => {
    const router = buildRouter(`[{ ${TO_ONE} }]`, { pathNormalization: "NONE" });
    expect(decide(router, { path: "/a/../b" })).toMatchObject({ rewrite: undefined });
  });
});
