import { describe, expect, test } from "bun:test";
import { decide, gateway, route, TO_APP, TO_WEB, where } from "../testing/http-routes.ts";
import type { buildRequest } from "../testing/requests.ts";

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
