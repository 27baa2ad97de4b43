import { describe, expect, test } from "bun:test";
import { join, to } from "./testing/ask-mesh.ts";
import { buildMesh, decide, GATEWAY, tell, virtualService } from "./testing/build-mesh.ts";

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
    ["{ method: { exact: PUT } }", "{ method: { exact: GET } }", "/", "404"],
    ["{ scheme: { exact: https } }", "{ scheme: { exact: http } }", "/", "404"],
    ["{ authority: { exact: x } }", "{ authority: { prefix: hook } }", "/", "404"],
    ["{ headers: { a: { exact: x } } }", "{ headers: { a: { exact: y } } }", "/", "404"],
    ["{ headers: { a: {} } }", "{ headers: { a: { exact: y } } }", "/", "404"],
    ["{ withoutHeaders: { b: {} } }", "{ withoutHeaders: { b: { exact: c } } }", "/", "404"],
    [
      "{ queryParams: { a: { exact: b } } }",
      "{ queryParams: { a: { exact: c } } }",
      "/?a=c",
      "404",
    ],
    ["{ port: 81 }", "{ port: 80 }", "/", "404"],
    ["{ sourceNamespace: other }", "{ sourceNamespace: demo }", "/", "404"],
    ["{ sourceNamespace: demo }", "{ uri: { prefix: / } }", "/", "404"],
    ["{ sourceLabels: { istio: x } }", "{ sourceLabels: { istio: ingressgateway } }", "/", "404"],
    ["{ gateways: [mesh] }", "{ gateways: [front] }", "/", "404"],
    ["{ gateways: [mesh, front] }", "{ gateways: [front] }", "/", "one:80"],
    ["{ uri: { regex: '/a' } }", "{ uri: { exact: /a } }", "/a", "404"],
    ["{ headers: { a: { prefix: y } } }", "{ headers: { a: {} } }", "/", "404"],
    ["{ port: 80 }", "{ port: 80 }", "/", "one:80"],
    ["{ uri: { prefix: / } }", "{ port: 80, gateways: [front] }", "/", "one:80"],
    ["{ uri: { prefix: / } }", "{ sourceNamespace: demo }", "/", "one:80"],
    ["{ sourceNamespace: demo }", "{ sourceNamespace: demo }", "/", "one:80"],
    // The rest of both holds.
    ["{ gateways: [mesh] }", "{ uri: { prefix: / } }", "/", "404"],
    ["{ headers: { b: {} } }", "{ headers: { a: {} } }", "/", "404"],
    ["{ headers: { a: {} } }", "{ headers: { b: {} } }", "/", "404"],
    ["{ withoutHeaders: { a: {} } }", "{ withoutHeaders: { b: {} } }", "/", "404"],
    ["{ withoutHeaders: { b: {} } }", "{ withoutHeaders: { a: {} } }", "/", "404"],
    ["{ queryParams: { a: {} } }", "{ queryParams: { b: {} } }", "/?a=c", "404"],
    ["{ queryParams: { b: {} } }", "{ queryParams: { a: {} } }", "/?a=c", "404"],
    ["{ sourceLabels: { a: b } }", "{ sourceLabels: { istio: ingressgateway } }", "/", "404"],
    ["{ port: 81 }", "{ uri: { prefix: / } }", "/", "404"],
    // Of several each has to be part of one.
    ["", "{ uri: { prefix: /a } }", "/a", "one:80"],
    ["", "{ uri: { prefix: /a } }", "/b", "404"],
    [
      "{ uri: { prefix: /a } }, { uri: { prefix: /b } }",
      "{ uri: { exact: /b/c } }",
      "/b/c",
      "one:80",
    ],
    ["{ uri: { prefix: /a } }", "{ uri: { exact: /b } }, { uri: { exact: /a } }", "/a", "404"],
  ])("%s with %s at %s: %s", (outer, inner, path, expected) => {
    expect(go(join(root(outer), leaf(inner)), path, { a: "y" })).toBe(expected);
  });

  test("is found by its name, in its namespace or the root's, and has no hosts", () => {
    const named = (name: string, namespace: string, host: string) =>
      virtualService({
        name,
        namespace,
        spec: "exportTo: ['*']",
        http: to(`host: ${host}.demo.svc.cluster.local`),
      });
    const others = join(named("x", "demo", "two"), named("leaf", "demo", "two"));
    const full = join(named("leaf", "other", "one"), others);
    expect(go(join(root(""), full), "/")).toBe("two:80");
    const far = root("").replace("name: leaf }", "name: leaf, namespace: other }");
    expect(go(join(far, full), "/")).toBe("one:80");
    expect(go(join(root(""), leaf("", "hosts: [x.test]")), "/")).toBe("404");
  });

  test("that is not there, or not exported, takes its route away and nothing else", () => {
    const outer = root("{ uri: { prefix: /a } }");
    expect(go(outer, "/a")).toBe("404");
    const hidden = leaf("", "exportTo: [elsewhere]");
    expect(go(join(outer, hidden), "/a")).toBe("404");
  });

  test.each([
    ["", "r-l.m"],
    ["{ uri: { prefix: /a } }", "r-l.m"],
    ["{ name: n }", "r-l.m-n"],
  ])("of %s gets the root's settings where it has none, and the joined name %s", (inner, name) => {
    const manifests = join(root("{ name: m, uri: { prefix: /a } }", ", timeout: 3s"), leaf(inner));
    const decision = decide(buildMesh(manifests).router(GATEWAY), { path: "/a" });
    const route = { virtualService: "demo/root", route: name, index: 0 };
    expect(decision).toMatchObject({ timeoutMs: 3000, route });
  });
});
