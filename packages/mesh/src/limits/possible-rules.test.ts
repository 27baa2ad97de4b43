import { describe, expect, test } from "bun:test";
import { RateLimitEntry } from "./action-schema.ts";
import { parseLimiterConfig } from "./limiter-config.ts";
import {
  findPossibleRules,
  listPossibleDescriptors,
  listUnreachedRules,
  type PossibleEntry,
} from "./possible-rules.ts";
import { buildRules } from "./rules.ts";

const rate_limit = { unit: "minute", requests_per_unit: 1 };
const config = parseLimiterConfig({
  domain: "d",
  descriptors: [
    { key: "user", rate_limit },
    { key: "user", value: "root", rate_limit },
    { key: "user", value: "bot*", rate_limit },
    { key: "us*", rate_limit },
    { key: "client", value: "guest", descriptors: [{ key: "address", rate_limit }] },
  ],
});
const root = buildRules([config]).get("d");
const open = (key: string): PossibleEntry => ({ key, value: undefined });

const forms = (...actions: object[]) =>
  listPossibleDescriptors(RateLimitEntry.parse({ actions })).map((form) =>
    form.map(({ key, value }) => `${key}=${value ?? "?"}`).join(),
  );

describe("listPossibleDescriptors()", () => {
  const header = { request_headers: { header_name: "a", descriptor_key: "a" } };
  const skipped = { request_headers: { ...header.request_headers, skip_if_absent: true } };
  const path = { key: "istio", path: [{ key: "config" }] };
  test.each([
    ["a fixed value", [{ generic_key: { descriptor_value: "x" } }], ["generic_key=x"]],
    ["a header", [header], ["a=?"]],
    [
      "a header that is skipped, and what follows",
      [skipped, { remote_address: {} }],
      ["a=?,remote_address=?", "remote_address=?"],
    ],
    [
      "a match",
      [{ header_value_match: { descriptor_value: "x", headers: [{ name: "a" }] } }],
      ["header_match=x"],
    ],
    [
      "a parameter's match",
      [
        {
          query_parameter_value_match: {
            descriptor_key: "q",
            descriptor_value: "x",
            query_parameters: [{ name: "a" }],
          },
        },
      ],
      ["q=x"],
    ],
    [
      "a parameter",
      [{ query_parameters: { query_parameter_name: "a", descriptor_key: "q" } }],
      ["q=?"],
    ],
    ["metadata that nobody sets", [{ metadata: { descriptor_key: "m", metadata_key: path } }], []],
    [
      "its default",
      [{ metadata: { descriptor_key: "m", metadata_key: path, default_value: "d" } }],
      ["m=d"],
    ],
    [
      "the route's",
      [{ metadata: { descriptor_key: "m", metadata_key: path, source: "ROUTE_ENTRY" } }],
      ["m=?"],
    ],
    [
      "addresses and clusters",
      [{ masked_remote_address: {} }, { source_cluster: {} }, { destination_cluster: {} }],
      ["masked_remote_address=?,source_cluster=?,destination_cluster=?"],
    ],
  ])("%s", (_, actions, expected) => {
    expect(forms(...actions)).toEqual(expected);
  });
});

describe("findPossibleRules()", () => {
  const find = (entries: readonly PossibleEntry[]) =>
    root === undefined ? [] : [...findPossibleRules(root, entries)].map(({ path }) => path);
  test.each<[string, readonly PossibleEntry[], readonly string[]]>([
    ["any value: every rule of the key", [open("user")], ["user", "user=root", "user=bot*", "us*"]],
    ["one value: its rule", [{ key: "user", value: "root" }], ["user=root"]],
    ["one value of a wildcard", [{ key: "user", value: "bot1" }], ["user=bot*"]],
    ["a key of a wildcard", [open("usual")], ["us*"]],
    [
      "a level that leads on",
      [{ key: "client", value: "guest" }, open("address")],
      ["client=guest/address"],
    ],
    ["any value of it", [open("client"), open("address")], ["client=guest/address"]],
    ["a level without a limit", [{ key: "client", value: "guest" }], []],
    ["another key", [open("path")], []],
    ["nothing", [], []],
  ])("%s", (_, entries, expected) => {
    expect(find(entries)).toEqual([...expected]);
  });
});

test("listUnreachedRules() names what nobody asks for", () => {
  const asked = [[open("client"), open("address")], [{ key: "user", value: "root" }]];
  expect(root === undefined ? [] : listUnreachedRules(root, asked).map(({ path }) => path)).toEqual(
    ["user", "user=bot*", "us*"],
  );
});
