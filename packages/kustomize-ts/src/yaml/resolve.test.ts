import { expect, test } from "bun:test";
import { parseGoInt, parseTimestamp, resolveOldTag, resolveTag } from "./resolve.ts";

test.each([
  ["", "!!null"],
  ["~", "!!null"],
  ["Null", "!!null"],
  ["nUll", "!!str"],
  ["True", "!!bool"],
  ["yes", "!!str"],
  ["0", "!!int"],
  ["-12", "!!int"],
  ["+5", "!!int"],
  ["1_000", "!!int"],
  ["0x1F", "!!int"],
  ["0b11", "!!int"],
  ["0777", "!!int"],
  ["0888", "!!float"],
  ["18446744073709551615", "!!int"],
  ["18446744073709551616", "!!float"],
  ["1.", "!!float"],
  [".5", "!!float"],
  ["1e400", "!!str"],
  [".inf", "!!float"],
  ["2001-12-14", "!!timestamp"],
  ["2001-13-14", "!!str"],
  ["12:30", "!!str"],
  ["1.2.3", "!!str"],
  ["-", "!!str"],
])("resolveTag() takes %j for %s", (text, tag) => {
  expect(resolveTag(text)).toBe(tag);
});

test("resolveOldTag() knows the booleans of YAML 1.1", () => {
  expect(["y", "No", "ON", "true", "maybe"].map(resolveOldTag)).toEqual([
    "!!bool",
    "!!bool",
    "!!bool",
    "!!bool",
    "!!str",
  ]);
});

test("parseGoInt() refuses what 64 bits do not hold", () => {
  expect(parseGoInt("9223372036854775808")).toBe(9223372036854775808n);
  expect(parseGoInt("+9223372036854775808")).toBeUndefined();
  expect(parseGoInt("-9223372036854775809")).toBeUndefined();
});

test.each([
  ["2001-12-14", "2001-12-14T00:00:00Z"],
  ["2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"],
  ["2001-2-3 4:05:06", "2001-02-03T04:05:06Z"],
  ["2001-02-30", undefined],
])("parseTimestamp() reads %s", (text, expected) => {
  expect(parseTimestamp(text)).toBe(expected);
});
