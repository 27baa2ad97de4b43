import { describe, expect, test } from "bun:test";
import {
  buildMesh,
  buildRouter,
  decide,
  GATEWAY,
  tell,
  virtualService,
} from "./testing/build-mesh.ts";
import { buildRequest } from "./testing/requests.ts";

const ONE = "destination: { host: one }";

describe("an action", () => {
  test.each([
    ["{ uri: /x }", "/a/b?q", "301 http://hookline.test/x?q"],
    ["{ uri: /x?own=1 }", "/a?q", "301 http://hookline.test/x?own=1"],
    ["{ authority: other.test, redirectCode: 302 }", "/a?q", "302 http://other.test/a?q"],
    ["{ scheme: https }", "/a", "301 https://hookline.test/a"],
    ["{ scheme: https, port: 8443 }", "/a", "301 https://hookline.test:8443/a"],
    ["{ scheme: https, port: 443 }", "/a", "301 https://hookline.test/a"],
    ["{ port: 80 }", "/a", "301 http://hookline.test/a"],
    ["{ derivePort: FROM_REQUEST_PORT }", "/a", "301 http://hookline.test/a"],
    ["{ scheme: https, port: 80 }", "/a", "301 https://hookline.test:80/a"],
    ["{ port: 443 }", "/a", "301 http://hookline.test:443/a"],
    ["{ uri: '', authority: '', scheme: '', port: 81 }", "/a", "301 http://hookline.test:81/a"],
  ])("redirect %s of %s: %s", (redirect, path, expected) => {
    expect(tell(decide(buildRouter(`[{ redirect: ${redirect} }]`), { path }))).toBe(expected);
  });

  test.each([
    ["{ port: 443 }", "301 https://hookline.test/"],
    ["{ port: 80 }", "301 https://hookline.test:80/"],
    ["{ uri: /x, derivePort: FROM_REQUEST_PORT }", "301 https://hookline.test:8443/x"],
  ])("redirect %s at a port of TLS: %s", (redirect, expected) => {
    const manifests = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: safe, namespace: demo }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { name: https, number: 8443, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: a } }]
---
${virtualService({ http: `[{ redirect: ${redirect} }]`, spec: 'hosts: ["*"], gateways: [safe]' })}`;
    const router = buildMesh(manifests).router({ ...GATEWAY, port: 8443 });
    expect(tell(decide(router, { scheme: "https" }))).toBe(expected);
  });

  test.each([
    ["{ status: 503 }", "503"],
    ["{ status: 200, body: { string: hello } }", "200 hello"],
    ["{ status: 200, body: { bytes: aGVsbG8= } }", "200 hello"],
    ["{ status: 200, body: { bytes: w7wg4oKs } }", "200 ü €"],
  ])("directResponse %s: %s", (direct, expected) => {
    expect(tell(decide(buildRouter(`[{ directResponse: ${direct} }]`)))).toBe(expected);
  });

  test.each([
    ["{ uri: { prefix: /a } }", "{ uri: /b }", "/a/c?q", "/b/c?q"],
    ["{ uri: { prefix: /a/ } }", "{ uri: / }", "/a/c", "/c"],
    ["{ uri: { exact: /a } }", "{ uri: /b }", "/a?q", "/b?q"],
    ["{ uri: { regex: '/a.*' } }", "{ uri: /b }", "/a/c?q", "/b?q"],
    // Without a match the prefix is "/": a trap of Istio's.
    ["{}", "{ uri: /b }", "/c", "/bc"],
    ["{}", "{ uriRegexRewrite: { match: '/a/(.*)', rewrite: '/\\1/z' } }", "/a/c?q", "/c/z?q"],
    // An empty result leaves the path.
    ["{}", "{ uriRegexRewrite: { match: '/a/(.*)', rewrite: '\\1' } }", "/a/?q", "/a/?q"],
  ])("rewrite under %s by %s of %s", (match, rewrite, path, expected) => {
    const router = buildRouter(`[{ match: [${match}], rewrite: ${rewrite}, route: [{ ${ONE} }] }]`);
    const unchanged = `/x/..${path}`;
    for (const sent of [path, unchanged])
      expect(decide(router, { path: sent })).toMatchObject({
        rewrite: { path: expected, originalPath: path },
      });
  });

  test("a path that is only normalised has no original", () => {
    const router = buildRouter(`[{ route: [{ ${ONE} }] }]`);
    expect(decide(router, { path: "/a/../b" })).toMatchObject({ rewrite: { path: "/b" } });
    expect(decide(router, { path: "/a/../b" })).not.toHaveProperty("rewrite.originalPath");
  });

  test.each([
    ["rewrite: { authority: a.test }, ", "", "a.test"],
    ["headers: { request: { set: { Host: b.test } } }, ", "", "b.test"],
    ["", "headers: { request: { set: { ':authority': c.test } } }", "c.test"],
    // The route's wins over the destination's.
    [
      "rewrite: { authority: a.test }, ",
      "headers: { request: { set: { host: c.test } } }",
      "a.test",
    ],
  ])("the host by %s%s is %s", (route, destination, expected) => {
    const http = `[{ ${route}route: [{ ${ONE}${destination === "" ? "" : `, ${destination}`} }] }]`;
    const found = { rewrite: { authority: expected }, request: { set: [] } };
    expect(decide(buildRouter(http))).toMatchObject(found);
  });

  test.each([
    [
      "",
      { attempts: 2, retryOn: ["connect-failure", "refused-stream", "unavailable", "cancelled"] },
    ],
    ["retries: { attempts: 0 }, ", undefined],
    [
      "retries: { attempts: 3, perTryTimeout: 1.5s, retryOn: 'gateway-error,503' }, ",
      { attempts: 3, perTryTimeoutMs: 1500, retryOn: ["gateway-error", "503"] },
    ],
  ])("retries by %j", (retries, expected) => {
    const decision = decide(buildRouter(`[{ ${retries}route: [{ ${ONE} }] }]`));
    expect(decision.kind === "forward" && decision.retries).toEqual(expected);
  });

  test.each([
    ["", undefined],
    ["timeout: .5s, ", 500],
    ["timeout: 1m30s, ", 90_000],
  ])("timeout by %j is %p", (timeout, expected) => {
    const decision = decide(buildRouter(`[{ ${timeout}route: [{ ${ONE} }] }]`));
    expect(decision.kind === "forward" && decision.timeoutMs).toBe(expected);
  });

  test.each([
    ["mirror: { host: two }", [["two:80", 100]]],
    ["mirror: { host: two }, mirrorPercentage: { value: 0 }", []],
    [
      "mirrors: [{ destination: { host: two, port: { number: 81 } }, percentage: { value: 40 } }]",
      [["two:81", 40]],
    ],
    [
      "mirrors: [{ destination: { host: two } }, { destination: { host: one } }]",
      [
        ["two:80", 100],
        ["one:80", 100],
      ],
    ],
    // A cluster that is not there gets nothing, and changes nothing.
    ["mirror: { host: nobody }", []],
  ])("%s", (mirror, expected) => {
    const decision = decide(buildRouter(`[{ ${mirror}, route: [{ ${ONE} }] }]`), {}, () => 0.39);
    const found = decision.kind === "forward" ? decision.mirrors : [];
    expect(
      found.map(({ destination: { fqdn, port }, percent }) => [
        `${fqdn.split(".")[0]}:${port}`,
        percent,
      ]),
    ).toEqual(expected);
  });

  test("draws for mirrors and faults, and explains every draw", () => {
    const fault =
      "fault: { delay: { fixedDelay: 2s, percentage: { value: 25 } }, abort: { httpStatus: 500, percentage: { value: 50 } } }";
    const router = buildRouter(
      `[{ mirror: { host: two }, mirrorPercentage: { value: 10 }, ${fault}, route: [{ ${ONE} }] }]`,
    );
    const found = router
      .explain(buildRequest())
      .outcomes.map(({ percent, decision }) =>
        decision.kind === "forward" ? [percent, decision.mirrors.length, decision.fault] : [],
      );
    expect(found).toEqual([
      [1.25, 1, { delayMs: 2000, abortStatus: 500 }],
      [1.25, 1, { delayMs: 2000 }],
      [3.75, 1, { abortStatus: 500 }],
      [3.75, 1, undefined],
      [11.25, 0, { delayMs: 2000, abortStatus: 500 }],
      [11.25, 0, { delayMs: 2000 }],
      [33.75, 0, { abortStatus: 500 }],
      [33.75, 0, undefined],
    ]);
    expect(decide(router, {}, () => 0.3)).toMatchObject({
      mirrors: [],
      fault: { abortStatus: 500 },
    });
  });

  test.each([
    // One destination: all removals first, then the route's list, then the destination's (route.go).
    [
      "single",
      "{ set: { a: route }, add: { b: route }, remove: [c] }",
      "{ add: { a: more, c: own }, remove: [b] }",
      {
        set: [
          ["c", "own"],
          ["b", "route"],
          ["a", "route"],
        ],
        add: [["a", "more"]],
        remove: [],
      },
    ],
    // Several: the destination's own first, the route's after (Envoy: most specific first).
    [
      "weighted",
      "{ set: { a: route }, remove: [b] }",
      "{ set: { a: own, b: own, d: own } }",
      {
        set: [
          ["a", "route"],
          ["d", "own"],
        ],
        add: [],
        remove: ["b"],
      },
    ],
    [
      "weighted",
      "{ add: { a: route }, remove: [c] }",
      "{ add: { a: own, b: own } }",
      {
        set: [],
        add: [
          ["a", "own"],
          ["a", "route"],
          ["b", "own"],
        ],
        remove: ["c"],
      },
    ],
  ] as const)("headers, %s", (kind, route, destination, expected) => {
    const other = kind === "single" ? "" : ", { destination: { host: two }, weight: 1 }";
    const http = `[{ headers: { request: ${route}, response: ${route} }, route: [{ ${ONE}, weight: 9, headers: { request: ${destination}, response: ${destination} } }${other}] }]`;
    const decision = decide(buildRouter(http));
    const sorted = (list: readonly (readonly [string, string])[]) => list.map(String).sort();
    const both = decision.kind === "forward" ? [decision.request, decision.response] : [];
    expect(both.length).toBe(2);
    for (const { set, add, remove } of both) {
      expect(sorted(set)).toEqual(sorted(expected.set));
      expect(sorted(add)).toEqual(sorted(expected.add));
      expect(remove).toEqual([...expected.remove]);
    }
  });

  test("the headers and the host of a destination are for it alone", () => {
    const own = "headers: { request: { set: { host: a.test, b: c } } }";
    const http = `[{ route: [{ ${ONE}, weight: 1, ${own} }, { destination: { host: two }, weight: 1 }] }]`;
    expect(decide(buildRouter(http), {}, () => 0.9)).toMatchObject({
      request: { set: [] },
      rewrite: undefined,
    });
  });

  test("a header value has its per cent signs unescaped, an empty one does nothing", () => {
    const http = `[{ headers: { request: { set: { a: "50%% off", b: "" } } }, route: [{ ${ONE} }] }]`;
    expect(decide(buildRouter(http))).toMatchObject({
      request: { set: [["a", "50% off"]], add: [] },
    });
  });

  test("a header's name has no case, and none but the host's own is the host's", () => {
    const http = `[{ headers: { request: { set: { X-Host: a, Host-X: b }, remove: [X-C] } }, route: [{ ${ONE} }] }]`;
    const set = [
      ["x-host", "a"],
      ["host-x", "b"],
    ];
    expect(decide(buildRouter(http))).toMatchObject({
      request: { set, remove: ["x-c"] },
      rewrite: undefined,
    });
  });
});
