import { describe, expect, test } from "bun:test";
import { ask, FILTER, filter, key, lists, vhost } from "../testing/limit-filters.ts";

describe("the filter", () => {
  const withFields = (fields: string) =>
    ask(
      filter(
        "a",
        FILTER.replace("domain: d", `domain: d\n        ${fields}`) + vhost("{}", key("x")),
      ),
    );

  test("has Envoy's defaults", () => {
    expect(withFields("stat_prefix: x")).toMatchObject({
      timeoutMs: 20,
      failureModeDeny: false,
      xRateLimitHeaders: false,
      limitedHeader: true,
      responseHeadersToAdd: [],
      status: 429,
      statusOnError: 500,
    });
  });

  test.each([
    ["failure_mode_deny: true", { failureModeDeny: true }],
    ["failureModeDeny: true", { failureModeDeny: true }],
    ["timeout: 1.5s", { timeoutMs: 1500 }],
    ["disable_x_envoy_ratelimited_header: true", { limitedHeader: false }],
    ["rate_limited_status: { code: 503 }", { status: 503 }],
    ["rate_limited_status: { code: ServiceUnavailable }", { status: 503 }],
    ["rate_limited_status: { code: 200 }", { status: 429 }],
    ["status_on_error: { code: 503 }", { statusOnError: 503 }],
    [
      "response_headers_to_add: [{ header: { key: A, value: 100%% } }]",
      { responseHeadersToAdd: [{ name: "a", value: "100%", action: "APPEND_IF_EXISTS_OR_ADD" }] },
    ],
    [
      "response_headers_to_add: [{ append: false, header: { key: a, value: b } }]",
      { responseHeadersToAdd: [{ name: "a", value: "b", action: "OVERWRITE_IF_EXISTS_OR_ADD" }] },
    ],
  ])("%s", (fields, expected) => {
    expect(withFields(fields)).toMatchObject(expected);
  });
});

describe("compileLimits() refuses", () => {
  const LUA = FILTER.replaceAll("envoy.filters.http.ratelimit\n", "envoy.filters.http.lua\n");
  test.each([
    ["another filter", LUA, "UNSUPPORTED", 'filter "envoy.filters.http.lua"'],
    [
      "a local limit",
      FILTER.replace("envoy.filters.http.ratelimit\n", "envoy.filters.http.local_ratelimit\n"),
      "UNSUPPORTED",
      '"envoy.filters.http.local_ratelimit" is not modelled',
    ],
    [
      "another place",
      FILTER.replace("INSERT_BEFORE", "INSERT_FIRST"),
      "UNSUPPORTED",
      "INSERT_FIRST",
    ],
    [
      "an unknown field of the filter",
      FILTER.replace("domain: d", "domain: d\n        filter_enabled: {}"),
      "UNSUPPORTED",
      "typed_config.filter_enabled",
    ],
    ["no domain", FILTER.replace("domain: d", 'domain: ""'), "INVALID", "typed_config.domain"],
    ["a second filter", FILTER + FILTER, "UNSUPPORTED", "configPatches[1]"],
    ["another object", lists("{}", "applyTo: CLUSTER"), "UNSUPPORTED", "CLUSTER"],
    ["another field of a host", lists("{ cors: {} }"), "UNSUPPORTED", "value.cors"],
    ["a new host", lists("{}").replace("MERGE", "ADD"), "UNSUPPORTED", "ADD is not modelled"],
    ["no action", lists("{ rate_limits: [{ actions: [] }] }"), "INVALID", "rate_limits[0].actions"],
    [
      "an unknown action",
      lists("{ rate_limits: [{ actions: [{ jwt: {} }] }] }"),
      "UNSUPPORTED",
      "jwt",
    ],
    [
      "a pattern that RE2 refuses",
      lists(
        "{ rate_limits: [{ actions: [{ header_value_match: { descriptor_value: x, headers: [{ name: a, safe_regex_match: { regex: '(?=a)' } }] } }] }] }",
      ),
      "INVALID",
      "safe_regex_match.regex",
    ],
    [
      "two kinds in an action",
      lists("{ rate_limits: [{ actions: [{ remote_address: {}, source_cluster: {} }] }] }"),
      "INVALID",
      "exactly one kind of action",
    ],
    [
      "a header's command",
      FILTER.replace(
        "domain: d",
        "domain: d\n        response_headers_to_add: [{ header: { key: a, value: '%REQ(b)%' } }]",
      ),
      "INVALID",
      "Commands like %THIS%",
    ],
  ])("%s", (_, patches, code, message) => {
    expect(() => ask(filter("a", patches))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test("a cluster that is no Service", () => {
    const text = (FILTER + vhost("{}", key("x"))).replace("outbound|8081||", "");
    expect(() => ask(filter("a", text))).toThrow(
      "EnvoyFilter/hookline/a spec.configPatches[0].patch.value.typed_config: Cannot tell the limiter's Service",
    );
  });
});
