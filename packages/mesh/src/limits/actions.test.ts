import { describe, expect, test } from "bun:test";
import { compileRegex } from "../regex/re2.ts";
import { buildRequest } from "../testing/requests.ts";
import { RateLimitEntry } from "./action-schema.ts";
import { compileEntry } from "./actions.ts";
import { maskAddress } from "./mask-address.ts";

const CLUSTER = "outbound|80|v1|app.hookline.svc.cluster.local";

function build(
  action: object | readonly object[],
  request: Parameters<typeof buildRequest>[0] = {},
) {
  const entry = RateLimitEntry.parse({ actions: [action].flat() });
  const options = {
    sourceCluster: "gateway.hookline",
    virtualService: "hookline/app",
    regex: compileRegex,
  };
  return compileEntry(entry, options)(buildRequest(request), CLUSTER);
}

describe("actions append", () => {
  const headers = { user: "me" };
  const value = (name: string) => ({ header_name: name, descriptor_key: "who" });
  const metadata = {
    descriptor_key: "m",
    metadata_key: { key: "istio", path: [{ key: "config" }] },
  };
  test.each([
    ["a fixed value", { generic_key: { descriptor_value: "x" } }, [["generic_key", "x"]]],
    ["under a key", { genericKey: { descriptorValue: "x", descriptorKey: "k" } }, [["k", "x"]]],
    ["a header", { request_headers: value("User") }, [["who", "me"]]],
    ["the method", { request_headers: value(":method") }, [["who", "GET"]]],
    ["the path", { request_headers: value(":path") }, [["who", "/a?b=1%202&b=3"]]],
    ["the host", { request_headers: value(":authority") }, [["who", "hookline.test"]]],
    ["nothing for a header that is missing", { request_headers: value("other") }, undefined],
    [
      "less where it is skipped",
      { request_headers: { ...value("other"), skip_if_absent: true } },
      [],
    ],
    [
      "a parameter, the first, decoded",
      { query_parameters: { query_parameter_name: "b", descriptor_key: "q" } },
      [["q", "1 2"]],
    ],
    [
      "nothing for a parameter that is missing",
      { query_parameters: { query_parameter_name: "c", descriptor_key: "q" } },
      undefined,
    ],
    ["the address", { remote_address: {} }, [["remote_address", "192.0.2.1"]]],
    [
      "the masked address",
      { masked_remote_address: { v4_prefix_mask_len: 24 } },
      [["masked_remote_address", "192.0.2.0/24"]],
    ],
    ["where it comes from", { source_cluster: {} }, [["source_cluster", "gateway.hookline"]]],
    ["where it goes", { destination_cluster: {} }, [["destination_cluster", CLUSTER]]],
    [
      "the resource of the route",
      { metadata: { ...metadata, source: "ROUTE_ENTRY" } },
      [["m", "/apis/networking.istio.io/v1/namespaces/hookline/virtual-service/app"]],
    ],
    ["nothing of a request's metadata", { metadata }, undefined],
    ["a default instead", { metadata: { ...metadata, default_value: "d" } }, [["m", "d"]]],
    ["less instead", { metadata: { ...metadata, skip_if_absent: true } }, []],
    [
      "all in order",
      [{ generic_key: { descriptor_value: "x" } }, { remote_address: {} }],
      [
        ["generic_key", "x"],
        ["remote_address", "192.0.2.1"],
      ],
    ],
    [
      "nothing at all when one has nothing",
      [{ remote_address: {} }, { request_headers: value("other") }],
      undefined,
    ],
  ])("%s", (_, action, expected) => {
    expect<unknown>(build(action, { headers, path: "/a?b=1%202&b=3" })).toEqual(expected);
  });

  test("no address where there is none", () => {
    expect(build({ remote_address: {} }, { clientAddress: "" })).toBeUndefined();
    expect(build({ masked_remote_address: {} }, { clientAddress: "@" })).toBeUndefined();
  });
});

describe("header_value_match", () => {
  const matches = (
    matcher: object,
    headers: Readonly<Record<string, string>>,
    expect_match = true,
  ) =>
    build(
      { header_value_match: { descriptor_value: "x", expect_match, headers: [matcher].flat() } },
      { headers },
    ) !== undefined;
  const there = { a: "Value-12" };
  test.each([
    [{ exact_match: "Value-12" }, true],
    [{ exact_match: "value-12" }, false],
    [{ prefix_match: "Val" }, true],
    [{ suffix_match: "12" }, true],
    [{ contains_match: "lue" }, true],
    [{ safe_regex_match: { regex: "V.*\\d" } }, true],
    [{ safe_regex_match: { regex: "V" } }, false],
    [{ string_match: { exact: "VALUE-12", ignore_case: true } }, true],
    [{ string_match: { exact: "VALUE-12" } }, false],
    [{ string_match: { prefix: "val", ignore_case: true } }, true],
    [{ string_match: { suffix: "-12" } }, true],
    [{ string_match: { contains: "e-1" } }, true],
    [{ string_match: { safe_regex: { regex: "v.*" }, ignore_case: true } }, false],
    [{ present_match: true }, true],
    [{ present_match: false }, false],
    [{}, true],
    [{ exact_match: "other", invert_match: true }, true],
    [{ present_match: true, invert_match: true }, false],
  ])("%p on a header that is there: %p", (matcher, expected) => {
    expect(matches({ name: "A", ...matcher }, there)).toBe(expected);
  });

  test.each([
    [{ exact_match: "x" }, false],
    [{ exact_match: "x", invert_match: true }, false],
    [{ exact_match: "x", invert_match: true, treat_missing_header_as_empty: true }, true],
    [{ safe_regex_match: { regex: "^$" }, treat_missing_header_as_empty: true }, true],
    [{ present_match: true }, false],
    [{ present_match: false }, true],
    [{ present_match: true, invert_match: true }, true],
  ])("%p on a header that is missing: %p", (matcher, expected) => {
    expect(matches({ name: "b", ...matcher }, there)).toBe(expected);
  });

  test.each([
    ["-10", true],
    ["-1", true],
    ["0", false],
    ["+1", false],
    ["x", false],
    ["-1x", false],
    ["", false],
  ])("range_match [-10, 0) on %p: %p", (value, expected) => {
    const range = { name: "a", range_match: { start: "-10", end: 0 } };
    expect(matches(range, { a: value })).toBe(expected);
  });

  test("wants every header, or not every one", () => {
    const both = [{ name: "a" }, { name: "b" }];
    expect([matches(both, { a: "1", b: "2" }), matches(both, there)]).toEqual([true, false]);
    expect([matches(both, { a: "1", b: "2" }, false), matches(both, there, false)]).toEqual([
      false,
      true,
    ]);
  });
});

describe("query_parameter_value_match", () => {
  const matches = (matcher: object, path: string) =>
    build(
      {
        query_parameter_value_match: {
          descriptor_value: "x",
          query_parameters: [{ name: "a", ...matcher }],
        },
      },
      { path },
    ) !== undefined;
  test.each([
    [{}, "/?a", true],
    [{}, "/?b", false],
    [{ present_match: true }, "/?a=", true],
    [{ present_match: false }, "/", true],
    [{ string_match: { exact: "1" } }, "/?a=1#a=2", true],
    [{ string_match: { exact: "1" } }, "/?a=2&a=1", false],
    [{ string_match: { exact: "ä" } }, "/?a=%C3%A4", true],
    [{ string_match: { exact: "%zz" } }, "/?a=%zz", true],
    [{ string_match: { prefix: "1" } }, "/", false],
  ])("%p on %s: %p", (matcher, path, expected) => {
    expect(matches(matcher, path)).toBe(expected);
  });
});

describe("maskAddress()", () => {
  test.each([
    ["192.168.1.1", 32, "192.168.1.1/32"],
    ["192.168.1.1", 24, "192.168.1.0/24"],
    ["192.168.255.1", 19, "192.168.224.0/19"],
    ["10.1.2.3", 0, "0.0.0.0/0"],
    ["2001:abcd:ef01:2345:6789:abcd:ef01:234", 64, "2001:abcd:ef01:2345::/64"],
    ["2001:abcd:ef01:2345:6789:abcd:ef01:234", 128, "2001:abcd:ef01:2345:6789:abcd:ef01:234/128"],
    ["2001:db8::1", 20, "2001::/20"],
    ["::ffff:192.0.2.1", 120, "::ffff:c000:200/120"],
    ["1:0:2::", 48, "1:0:2::/48"],
    ["1:0:0:2:0:0:3:4", 128, "1::2:0:0:3:4/128"],
    ["::1", 0, "::/0"],
  ])("%s with %d bits: %s", (address, bits, expected) => {
    expect(maskAddress(address, bits)).toBe(expected);
  });

  test("refuses what is no address", () => {
    expect(() => maskAddress("here", 8)).toThrow(RangeError);
  });
});
