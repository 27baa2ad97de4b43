import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { findRule, LimiterConfig, listRules } from "./limiter-config.ts";

const { descriptors } = LimiterConfig.parse(
  parse(`
domain: d
descriptors:
  - key: user
    rate_limit: { unit: minute, requests_per_unit: 10 }
  - key: user
    value: root
    rate_limit: { unit: minute, requests_per_unit: 1000 }
  - key: client
    value: anonymous
    descriptors:
      - key: address
        rate_limit: { unit: second, requests_per_unit: 2 }
`),
);

describe("findRule()", () => {
  test.each([
    ["the key alone", [{ key: "user", value: "me" }], 10],
    ["key and value before the key alone", [{ key: "user", value: "root" }], 1000],
    ["a value that differs from caller to caller", [{ key: "user" }], 10],
    ["the last of two entries", [{ key: "client", value: "anonymous" }, { key: "address" }], 2],
  ])("finds %s", (_, entries, requests) => {
    expect(findRule(descriptors, entries)?.rate_limit?.requests_per_unit).toBe(requests);
  });

  test.each([
    ["a key that is not there", [{ key: "path" }]],
    ["an entry above the limit", [{ key: "client", value: "anonymous" }]],
    ["entries in another order", [{ key: "address" }, { key: "client", value: "anonymous" }]],
    ["another value", [{ key: "client", value: "known" }, { key: "address" }]],
    ["more entries than the rule has", [{ key: "user" }, { key: "address" }]],
    ["no entry", []],
  ])("finds nothing for %s", (_, entries) => {
    expect(findRule(descriptors, entries)).toBeUndefined();
  });
});

test("listRules() gives the way to every limit", () => {
  expect(listRules(descriptors).map(({ path }) => path)).toEqual([
    "/user",
    "/user=root",
    "/client=anonymous/address",
  ]);
});

test.each([
  ["a field that the limiter does not know", "domain: d\ndescriptors:\n  - key: a\n    limit: 1"],
  [
    "a unit that it does not know",
    "domain: d\ndescriptors:\n  - key: a\n    rate_limit: { unit: week, requests_per_unit: 1 }",
  ],
])("LimiterConfig refuses %s", (_, text) => {
  expect(LimiterConfig.safeParse(parse(text)).success).toBe(false);
});
