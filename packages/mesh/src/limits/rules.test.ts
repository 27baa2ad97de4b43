import { describe, expect, test } from "bun:test";
import type { Descriptor } from "../types.ts";
import { parseLimiterConfig } from "./limiter-config.ts";
import { buildRules, findRule, listRules, matchesWildcard } from "./rules.ts";

const limit = (requests_per_unit: number) => ({ unit: "minute", requests_per_unit });
const config = parseLimiterConfig({
  domain: "d",
  descriptors: [
    { key: "user", rate_limit: limit(10) },
    { key: "user", value: "root", rate_limit: limit(1000) },
    { key: "user", value: "r*", rate_limit: limit(50), share_threshold: true },
    { key: "user", value: "robot*", rate_limit: limit(51) },
    { key: "path", value: "/a*/z", rate_limit: limit(5), value_to_metric: true },
    { key: "seen", rate_limit: limit(6), detailed_metric: true },
    { key: "shown", rate_limit: limit(7), value_to_metric: true },
    {
      key: "client",
      value: "anonymous",
      descriptors: [{ key: "address", rate_limit: limit(2) }],
    },
    { key: "parent", rate_limit: limit(3), descriptors: [{ key: "child", rate_limit: limit(4) }] },
  ],
});
const domains = buildRules([config]);
const root = domains.get("d");
const find = (entries: Descriptor) =>
  root === undefined ? undefined : findRule(root, "d", entries);

describe("findRule()", () => {
  test.each<[string, Descriptor, string, string]>([
    ["the key alone", [["user", "me"]], "user", "d.user"],
    ["key and value before all", [["user", "root"]], "user=root", "d.user_root"],
    ["the first wildcard of the file", [["user", "robot7"]], "user=r*", "d.user_r*"],
    ["a star in the middle", [["path", "/a/b/z"]], "path=/a*/z", "d.path_/a/b/z"],
    ["all values in a detailed metric", [["seen", "x"]], "seen", "d.seen_x"],
    ["a value in a metric", [["shown", "x"]], "shown", "d.shown_x"],
    [
      "the last of two",
      [
        ["client", "anonymous"],
        ["address", "1"],
      ],
      "client=anonymous/address",
      "d.client_anonymous.address",
    ],
    ["a level with rules below", [["parent", "1"]], "parent", "d.parent"],
    ["an empty value by the key", [["user", ""]], "user", "d.user"],
  ])("finds %s", (_, entries, path, statsKey) => {
    const hit = find(entries);
    expect([hit?.rule.path, hit?.statsKey]).toEqual([path, statsKey]);
  });

  test.each<[string, Descriptor]>([
    ["a key that is not there", [["path", "/b"]]],
    ["a level above the limit", [["client", "anonymous"]]],
    [
      "another order",
      [
        ["address", "1"],
        ["client", "anonymous"],
      ],
    ],
    [
      "another value",
      [
        ["client", "known"],
        ["address", "1"],
      ],
    ],
    [
      "more entries than rules",
      [
        ["user", "me"],
        ["address", "1"],
      ],
    ],
    ["no entry", []],
  ])("finds nothing for %s", (_, entries) => {
    expect(find(entries)).toBeUndefined();
  });

  test("gives the shared pattern instead of the value", () => {
    expect(find([["user", "rex"]])?.shared).toEqual(["r*"]);
    expect(find([["user", "me"]])?.shared).toBeUndefined();
  });
});

describe("matchesWildcard()", () => {
  test.each([
    ["a*", "a", true],
    ["a*", "b", false],
    ["a*c", "ac", true],
    ["a*c", "abbc", true],
    ["ab*ba", "aba", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a*b*b", "ab", false],
    ["*", "", true],
    ["a*b*bc", "abc", false],
    ["a*bb*b", "axbb", false],
  ])("%s on %s: %p", (pattern, text, expected) => {
    expect(matchesWildcard(pattern.split("*"), text)).toBe(expected);
  });
});

test("listRules() gives the way to every limit, in order", () => {
  expect(root === undefined ? [] : listRules(root).map(({ path }) => path)).toEqual([
    "user",
    "user=root",
    "user=r*",
    "user=robot*",
    "path=/a*/z",
    "seen",
    "shown",
    "client=anonymous/address",
    "parent",
    "parent/child",
  ]);
});

describe("buildRules()", () => {
  const other = parseLimiterConfig({
    domain: "d",
    descriptors: [{ key: "b", rate_limit: limit(1) }],
  });

  test("refuses two configurations of one domain", () => {
    expect(() => buildRules([config, other])).toThrow("duplicate domain 'd' in config file");
  });

  test("merges them when told, and refuses what both have", () => {
    expect([...(buildRules([config, other], true).get("d")?.children.keys() ?? [])]).toContain("b");
    expect(() => buildRules([other, other], true)).toThrow(
      "duplicate descriptor composite key 'd.b'",
    );
  });
});
