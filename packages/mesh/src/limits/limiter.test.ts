import { describe, expect, test } from "bun:test";
import type { Descriptor } from "../types.ts";
import { createLimiter } from "./limiter.ts";
import { parseLimiterConfig } from "./limiter-config.ts";
import { parseLimiterSettings } from "./limiter-settings.ts";
import { countHits } from "./limiter-stats.ts";

const limit = (requests_per_unit: number, more = {}) => ({
  unit: "minute",
  requests_per_unit,
  ...more,
});
const config = parseLimiterConfig({
  domain: "d",
  descriptors: [
    { key: "all", rate_limit: limit(10) },
    { key: "user", rate_limit: limit(3) },
    { key: "user", value: "vip", rate_limit: { unlimited: true } },
    { key: "user", value: "bot*", rate_limit: limit(2), share_threshold: true },
    { key: "trial", rate_limit: limit(1), shadow_mode: true },
    { key: "second", rate_limit: { unit: "second", requests_per_unit: 1 } },
    { key: "basic", rate_limit: limit(1, { name: "basic" }) },
    { key: "plan", rate_limit: limit(5, { name: "plan", replaces: [{ name: "basic" }] }) },
    { key: "quota", rate_limit: limit(1), quota_mode: true },
    { key: "token", rate_limit: limit(2), quota_mode: true },
    { key: "none", rate_limit: limit(0) },
    { key: "seen", descriptors: [{ key: "by", detailed_metric: true, rate_limit: limit(1) }] },
  ],
});
/** Fifty seconds into a minute. */
const START = 1_700_000_090_000;

function build(options = {}) {
  const clock = { now: START };
  const limiter = createLimiter([config], { now: () => clock.now, ...options });
  const codes = (...descriptors: Descriptor[]) =>
    limiter.check("d", descriptors).statuses.map(({ code }) => code);
  return { clock, limiter, codes };
}
const user = (name: string): Descriptor => [["user", name]];

describe("createLimiter()", () => {
  test("refuses the call past the limit, each value for itself", () => {
    const { codes } = build();
    const seen = [1, 2, 3, 4].flatMap(() => codes(user("me")));
    expect(seen).toEqual(["OK", "OK", "OK", "OVER_LIMIT"]);
    expect(codes(user("you"))).toEqual(["OK"]);
  });

  test("says what remains and when the window ends", () => {
    const { limiter } = build();
    expect(limiter.check("d", [user("me")]).statuses).toEqual([
      {
        code: "OK",
        limit: { requestsPerUnit: 3, unit: "minute", name: "" },
        remaining: 2,
        resetSeconds: 10,
        rule: "user",
      },
    ]);
  });

  test("opens again at the whole minute, not a minute after the first call", () => {
    const { clock, codes } = build();
    for (let call = 0; call < 3; call += 1) codes(user("me"));
    clock.now += 9_999;
    expect(codes(user("me"))).toEqual(["OVER_LIMIT"]);
    clock.now += 1;
    expect(codes(user("me"))).toEqual(["OK"]);
  });

  test("is over when one of several descriptors is, and counts all of them", () => {
    const { limiter, codes } = build();
    for (let call = 0; call < 3; call += 1) codes(user("me"));
    const answer = limiter.check("d", [[["all", ""]], user("me"), [["unknown", "x"]]]);
    expect([answer.overall, answer.statuses.map(({ code }) => code)]).toEqual([
      "OVER_LIMIT",
      ["OK", "OVER_LIMIT", "OK"],
    ]);
    expect(limiter.check("d", [[["all", ""]]]).statuses[0]?.remaining).toBe(8);
  });

  test("with the stop, a refused call counts only where it is refused", () => {
    const { limiter, codes } = build({ stopIncrementWhenOverLimit: true });
    for (let call = 0; call < 3; call += 1) codes(user("me"));
    limiter.check("d", [[["all", ""]], user("me")]);
    expect(limiter.check("d", [[["all", ""]]]).statuses[0]?.remaining).toBe(9);
  });

  test("adds the call's hits, or the descriptor's own; 0 asks only", () => {
    const { limiter } = build();
    expect(limiter.check("d", [[["all", ""]]], 7).statuses[0]?.remaining).toBe(3);
    expect(
      limiter.check("d", [{ entries: [["all", ""]], hits: 0 }], 7).statuses[0]?.remaining,
    ).toBe(3);
    expect(limiter.check("d", [{ entries: [["all", ""]], hits: 3 }]).overall).toBe("OK");
    expect(limiter.check("d", [[["all", ""]]]).overall).toBe("OVER_LIMIT");
  });

  test.each<[string, Descriptor[], string]>([
    ["an unlimited rule", [user("vip")], "OK"],
    ["a rule in shadow mode", [[["trial", "x"]]], "OK"],
    ["a rule that another one replaces", [[["basic", "x"]], [["plan", "x"]]], "OK"],
    ["the same rule alone", [[["basic", "x"]]], "OVER_LIMIT"],
    ["a limit of 0", [[["none", "x"]]], "OVER_LIMIT"],
    ["a quota beside one that is left", [[["quota", "x"]], [["token", "y"]]], "OK"],
    ["a quota alone", [[["quota", "x"]]], "OVER_LIMIT"],
    ["nothing that is known", [[["unknown", "x"]]], "OK"],
  ])("a second call to %s: %s", (_, descriptors, overall) => {
    const { limiter } = build();
    limiter.check("d", descriptors);
    expect(limiter.check("d", descriptors).overall).toBe(overall === "OK" ? "OK" : "OVER_LIMIT");
  });

  test("values of a shared wildcard have one count", () => {
    const { codes } = build();
    expect([codes(user("bot1")), codes(user("bot2")), codes(user("bot3"))].flat()).toEqual([
      "OK",
      "OK",
      "OVER_LIMIT",
    ]);
  });

  test("takes a limit that the caller brings", () => {
    const { limiter } = build();
    const call = { entries: user("me"), limit: { requestsPerUnit: 1, unit: "hour" } } as const;
    expect([limiter.check("d", [call]).overall, limiter.check("d", [call]).overall]).toEqual([
      "OK",
      "OVER_LIMIT",
    ]);
  });

  test("in shadow mode refuses nothing, and says so in its counters", () => {
    const { limiter } = build({ shadowMode: true });
    for (let call = 0; call < 4; call += 1) limiter.check("d", [user("me")]);
    const answer = limiter.check("d", [user("me")]);
    expect([answer.overall, answer.statuses[0]?.code, limiter.stats.globalShadow]).toEqual([
      "OK",
      "OVER_LIMIT",
      2,
    ]);
  });

  test("lets a domain that it does not know pass, and counts that", () => {
    const { limiter } = build();
    expect(limiter.check("other", [user("me")]).overall).toBe("OK");
    expect(limiter.stats.unknownDomains).toBe(1);
  });

  test.each([
    ["without a domain", "", [user("me")]],
    ["without a descriptor", "d", []],
  ])("refuses a call %s", (_, domain, descriptors) => {
    const { limiter } = build();
    expect(() => limiter.check(domain, descriptors)).toThrow(TypeError);
  });

  test("holds no more than the counters of open windows, and no more than it may", () => {
    const { clock, limiter } = build({ maxCounters: 100 });
    for (let call = 0; call < 1000; call += 1) {
      clock.now += 1000;
      limiter.check("d", [[["second", `${call}`]]]);
    }
    expect(limiter.size).toBe(1);
    for (let call = 0; call < 1000; call += 1) limiter.check("d", [user(`${call}`)]);
    expect(limiter.size).toBe(100);
  });

  test("forgets the counters of the window that ends first", () => {
    const { limiter } = build({ maxCounters: 2 });
    limiter.check("d", [[["all", ""]]]);
    limiter.check("d", [[["second", "a"]]]);
    limiter.check("d", [[["second", "b"]]]);
    expect(limiter.check("d", [[["all", ""]]]).statuses[0]?.remaining).toBe(8);
    expect(limiter.check("d", [[["second", "a"]]]).overall).toBe("OK");
  });
});

describe("headers", () => {
  test("name the limit that is closest, and the policy of each", () => {
    const { limiter } = build();
    expect(limiter.check("d", [[["all", ""]], [["plan", "x"]], user("vip")]).headers).toEqual([
      ["x-ratelimit-limit", '5, 10;w=60, 5;w=60;name="plan"'],
      ["x-ratelimit-remaining", "4"],
      ["x-ratelimit-reset", "10"],
    ]);
  });

  test("name the first of two that are equally close", () => {
    const { limiter } = build();
    const [first] = limiter.check("d", [{ entries: [["all", ""]], hits: 8 }, user("me")]).headers;
    expect(first).toEqual(["x-ratelimit-limit", "10, 10;w=60, 3;w=60"]);
  });

  test("are absent without a limit", () => {
    const { limiter } = build();
    expect(limiter.check("d", [user("vip"), [["unknown", "x"]]]).headers).toEqual([]);
  });
});

describe("stats", () => {
  test.each([
    [
      "within",
      [1],
      { total_hits: 1, within_limit: 1, near_limit: 0, over_limit: 0, shadow_mode: 0 },
    ],
    [
      "near",
      [8, 1],
      { total_hits: 9, within_limit: 9, near_limit: 1, over_limit: 0, shadow_mode: 0 },
    ],
    [
      "across near",
      [7, 2],
      { total_hits: 9, within_limit: 9, near_limit: 1, over_limit: 0, shadow_mode: 0 },
    ],
    [
      "across the limit",
      [9, 3],
      { total_hits: 12, within_limit: 9, near_limit: 2, over_limit: 2, shadow_mode: 0 },
    ],
    [
      "over",
      [10, 4],
      { total_hits: 14, within_limit: 10, near_limit: 2, over_limit: 4, shadow_mode: 0 },
    ],
  ])("%s: %p hits", (_, calls, expected) => {
    const { limiter } = build();
    for (const hits of calls) limiter.check("d", [[["all", ""]]], hits);
    expect(limiter.stats.read("d.all")).toEqual(expected);
  });

  test("take a call that was asked and not counted for one that began past near", () => {
    const asked = { after: 3, hits: 5, limit: 3, ratio: 0.8, shadowMode: false };
    expect(countHits(asked)).toMatchObject({ near_limit: 5, over_limit: 0 });
  });

  test("have labels without the signs that a metric may not have", () => {
    const { limiter } = build();
    limiter.check("d", [
      [
        ["seen", "a:b|10.0.0.1"],
        ["by", "x"],
      ],
    ]);
    expect(limiter.stats.samples()[0]?.labels).toEqual({
      domain: "d",
      key1: "seen_a_b_10_0_0_1",
      key2: "by_x",
    });
  });

  test("count what shadow mode let through", () => {
    const { limiter } = build();
    limiter.check("d", [[["trial", "x"]]], 3);
    expect(limiter.stats.read("d.trial")).toMatchObject({ over_limit: 2, shadow_mode: 2 });
  });

  test("have the names and labels of the limiter's metrics", () => {
    const { limiter } = build();
    limiter.check("d", [user("me")]);
    expect(limiter.stats.samples()).toEqual([
      {
        name: "ratelimit_service_rate_limit_total_hits",
        labels: { domain: "d", key1: "user" },
        value: 1,
      },
      {
        name: "ratelimit_service_rate_limit_within_limit",
        labels: { domain: "d", key1: "user" },
        value: 1,
      },
    ]);
  });
});

describe("parseLimiterSettings()", () => {
  test("reads what changes answers", () => {
    expect(
      parseLimiterSettings({
        LOG_LEVEL: "warn",
        STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT: "true",
        NEAR_LIMIT_RATIO: "0.5",
      }),
    ).toEqual({ nearLimitRatio: 0.5, stopIncrementWhenOverLimit: true });
  });

  test.each([
    [{ SHADOW_MODE: "yes" }, "INVALID"],
    [{ NEAR_LIMIT_RATIO: "2" }, "INVALID"],
    [{ LOCAL_CACHE_SIZE_IN_BYTES: "1000" }, "UNSUPPORTED"],
  ])("refuses %p as %s", (environment, code) => {
    expect(() => parseLimiterSettings(environment)).toThrow(
      expect.objectContaining({ code, field: Object.keys(environment)[0] }),
    );
  });
});
