import { describe, expect, test } from "bun:test";
import type { MatchSpec } from "../schema/virtual-service.ts";
import { covers } from "./covers.ts";

const path = (uri: object): MatchSpec => ({ uri });

describe("covers()", () => {
  test.each<[string, MatchSpec, MatchSpec, boolean]>([
    ["everything takes anything", {}, path({ exact: "/a" }), true],
    ["one path does not take everything", path({ exact: "/a" }), {}, false],
    ["the prefix / takes everything", path({ prefix: "/" }), {}, true],
    ["the pattern .* takes everything", path({ regex: ".*" }), {}, true],
    ["a prefix takes a longer one", path({ prefix: "/a" }), path({ prefix: "/ab" }), true],
    ["a prefix takes no shorter one", path({ prefix: "/ab" }), path({ prefix: "/a" }), false],
    ["a prefix takes a path", path({ prefix: "/a" }), path({ exact: "/a/b" }), true],
    ["a prefix takes no pattern", path({ prefix: "/a" }), path({ regex: "/a.*" }), false],
    ["a path takes itself", path({ exact: "/a" }), path({ exact: "/a" }), true],
    ["a path takes no prefix", path({ exact: "/a" }), path({ prefix: "/a" }), false],
    ["a pattern takes itself", path({ regex: "/a+" }), path({ regex: "/a+" }), true],
    ["a pattern takes a path", path({ regex: "/a+" }), path({ exact: "/aa" }), true],
    ["a pattern takes no other path", path({ regex: "/a+" }), path({ exact: "/b" }), false],
    [
      "without case another set",
      { ...path({ prefix: "/a" }), ignoreUriCase: true },
      path({ prefix: "/a" }),
      false,
    ],
    [
      "a header there takes its value",
      { headers: { a: {} } },
      { headers: { a: { exact: "1" } } },
      true,
    ],
    [
      "a header's value takes not its being there",
      { headers: { a: { exact: "1" } } },
      { headers: { a: {} } },
      false,
    ],
    [
      "a header there by a star takes its value",
      { headers: { a: { regex: "*" } } },
      { headers: { a: { exact: "1" } } },
      true,
    ],
    [
      "a header's pattern takes not its being there by a star",
      { headers: { a: { regex: "1+" } } },
      { headers: { a: { regex: "*" } } },
      false,
    ],
    ["a header takes not its absence", { headers: { a: {} } }, {}, false],
    [
      "more conditions are taken by fewer",
      { headers: { a: {} } },
      { headers: { a: {}, b: {} }, method: { exact: "GET" } },
      true,
    ],
    [
      "fewer conditions are not taken by more",
      { headers: { a: {}, b: {} } },
      { headers: { a: {} } },
      false,
    ],
    [
      "another parameter",
      { queryParams: { a: { exact: "1" } } },
      { queryParams: { a: { exact: "2" } } },
      false,
    ],
    ["what must be missing", { withoutHeaders: { a: {} } }, {}, false],
    [
      "what must be missing in both",
      { withoutHeaders: { a: {} } },
      { withoutHeaders: { a: {} } },
      true,
    ],
    [
      "more is missing in the later",
      { withoutHeaders: { a: { exact: "1" } } },
      { withoutHeaders: { a: {} } },
      true,
    ],
    [
      "less is missing in the later",
      { withoutHeaders: { a: {} } },
      { withoutHeaders: { a: { exact: "1" } } },
      false,
    ],
    ["another port", { port: 80 }, { port: 81 }, false],
    ["another namespace", { sourceNamespace: "a" }, {}, false],
    ["labels of fewer", { sourceLabels: { a: "1" } }, { sourceLabels: { a: "1", b: "2" } }, true],
    ["labels of more", { sourceLabels: { a: "1", b: "2" } }, { sourceLabels: { a: "1" } }, false],
    ["gateways of more", { gateways: ["a", "b"] }, { gateways: ["a"] }, true],
    ["gateways of fewer", { gateways: ["a"] }, { gateways: ["a", "b"] }, false],
    ["gateways against all", { gateways: ["a"] }, {}, false],
    ["another method", { method: { exact: "GET" } }, { method: { exact: "PUT" } }, false],
    ["another host", { authority: { exact: "a" } }, {}, false],
    ["another scheme", { scheme: { exact: "http" } }, { scheme: { exact: "https" } }, false],
  ])("%s", (_, earlier, later, expected) => {
    expect(covers(earlier, later)).toBe(expected);
  });
});
