import { describe, expect, test } from "bun:test";
import { join } from "./testing/ask-mesh.ts";
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
  ])("%s with %s at %s: %s", (outer, inner, path, expected) => {
    expect(go(join(root(outer), leaf(inner)), path)).toBe(expected);
  });

  test("that is not there, or not exported, takes its route away and nothing else", () => {
    const outer = root("{ uri: { prefix: /a } }");
    expect(go(outer, "/a")).toBe("404");
    const hidden = leaf("", "exportTo: [elsewhere]");
    expect(go(join(outer, hidden), "/a")).toBe("404");
  });

  test("gets the root's settings where it has none, and a joined name", () => {
    const manifests = join(root("{ uri: { prefix: /a } }", ", timeout: 3s"), leaf(""));
    const decision = decide(buildMesh(manifests).router(GATEWAY), { path: "/a" });
    const route = { virtualService: "demo/root", route: "r-l", index: 0 };
    expect(decision).toMatchObject({ timeoutMs: 3000, route });
  });
});
