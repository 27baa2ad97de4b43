import { describe, expect, test } from "bun:test";
import { MeshError } from "../errors.ts";
import { parseLimiterConfig } from "./limiter-config.ts";

const limit = { unit: "minute", requests_per_unit: 10 };
const of = (...descriptors: unknown[]) => ({ domain: "d", descriptors });

describe("parseLimiterConfig()", () => {
  test("reads nested rules, with their flags", () => {
    const config = parseLimiterConfig(
      of({
        key: "client",
        value: "anonymous",
        descriptors: [{ key: "remote_address", rate_limit: limit, shadow_mode: true }],
      }),
    );
    expect(config.descriptors[0]?.descriptors[0]).toEqual({
      key: "remote_address",
      value: "",
      rateLimit: { unlimited: false, requestsPerUnit: 10, unit: "minute", name: "", replaces: [] },
      descriptors: [],
      shadowMode: true,
      quotaMode: false,
      detailedMetric: false,
      valueToMetric: false,
      shareThreshold: false,
    });
  });

  test.each([
    ["a unit in capitals", of({ key: "a", rate_limit: { unit: "MINUTE", requests_per_unit: 1 } })],
    ["a week", of({ key: "a", rate_limit: { unit: "week", requests_per_unit: 1 } })],
    ["a limit of nothing", of({ key: "a", rate_limit: { unit: "day" } })],
    [
      "unlimited with a word for a unit",
      of({ key: "a", rate_limit: { unlimited: true, unit: "x" } }),
    ],
    ["a number for a value", of({ key: "a", value: 5 })],
    ["no rules", { domain: "d", descriptors: null }],
    ["a known key in a wrong place", of({ key: "a", requests_per_unit: "x", unit: 5 })],
    ["anything in metadata", of({ key: "a", metadata: { any: [1.5, "x"] } })],
    ["a shared threshold on a wildcard", of({ key: "a", value: "b*c", share_threshold: true })],
  ])("takes %s", (_, config) => {
    expect(parseLimiterConfig(config).domain).toBe("d");
  });

  test.each([
    ["nothing", null, "empty domain", "domain"],
    ["a list", [], "wished: a map", undefined],
    ["no domain", { descriptors: [] }, "empty domain", "domain"],
    ["an empty key", of({ key: "" }), "descriptor has empty key", "descriptors[0].key"],
    ["an unknown key", of({ key: "a", limit: 1 }), "unknown key 'limit'", "descriptors[0].limit"],
    [
      "an unknown unit",
      of({ key: "a", rate_limit: { unit: "fortnight" } }),
      "invalid rate limit unit 'fortnight'",
      "descriptors[0].rate_limit.unit",
    ],
    [
      "the unit UNKNOWN",
      of({ key: "a", rate_limit: { unit: "unknown" } }),
      "invalid rate limit unit",
      "descriptors[0].rate_limit.unit",
    ],
    [
      "a unit beside unlimited",
      of({ key: "a", rate_limit: { ...limit, unlimited: true } }),
      "should not specify rate limit unit when unlimited",
      "descriptors[0].rate_limit.unit",
    ],
    [
      "two rules of one key and value",
      of({ key: "a", value: "b_c" }, { key: "a_b", value: "c" }),
      "duplicate descriptor composite key 'd.a_b_c'",
      "descriptors[1]",
    ],
    [
      "a rule that replaces itself",
      of({ key: "a", rate_limit: { ...limit, name: "x", replaces: [{ name: "x" }] } }),
      "same descriptor",
      "descriptors[0].rate_limit.replaces[0]",
    ],
    [
      "a rule that replaces nothing",
      of({ key: "a", rate_limit: { ...limit, replaces: [{}] } }),
      "empty replaces entry",
      "descriptors[0].rate_limit.replaces[0]",
    ],
    [
      "a shared threshold without a wildcard",
      of({ key: "a", value: "b", share_threshold: true }),
      "share_threshold can only be used with wildcard values",
      "descriptors[0].share_threshold",
    ],
    [
      "a number below 0",
      of({ key: "a", rate_limit: { unit: "day", requests_per_unit: -1 } }),
      "from 0 to 4294967295",
      "descriptors[0].rate_limit.requests_per_unit",
    ],
    [
      "a number as text",
      of({ key: "a", rate_limit: { unit: "day", requests_per_unit: "1" } }),
      "from 0 to 4294967295",
      "descriptors[0].rate_limit.requests_per_unit",
    ],
    ["half a number", of({ key: "a", value: 1.5 }), "no whole number", "descriptors[0].value"],
    [
      "a flag that is none",
      of({ key: "a", shadow_mode: "maybe" }),
      "wished: true or false",
      "descriptors[0].shadow_mode",
    ],
    ["a list of text", of("a"), "list of type other than map", "descriptors"],
    [
      "a map for a list",
      { domain: "d", descriptors: { key: "a" } },
      "wished: a list",
      "descriptors",
    ],
  ])("refuses %s", (_, config, message, field) => {
    let thrown: unknown;
    try {
      parseLimiterConfig(config);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MeshError);
    expect(thrown).toMatchObject({
      code: "INVALID",
      field,
      message: expect.stringContaining(message),
    });
  });
});
