import { expect, test } from "bun:test";
import { compareVersions, findNewest, formatVersion, parseVersion } from "./semantic-version.ts";

function version(text: string) {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`"${text}" is no version`);
  return parsed;
}

test.each([
  ["1.2.3", { major: 1, minor: 2, patch: 3, prerelease: "" }],
  ["0.0.0-rc.1", { major: 0, minor: 0, patch: 0, prerelease: "rc.1" }],
  ["1.0.0--1", { major: 1, minor: 0, patch: 0, prerelease: "-1" }],
])("parseVersion() reads %s", (text, expected) => {
  expect(parseVersion(text)).toEqual(expected);
  expect(formatVersion(version(text))).toBe(text);
});

test.each(["1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3 ", "1.2.3+build", ""])(
  "parseVersion() refuses %p",
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);

test("compareVersions() orders as semver.org does", () => {
  const order = ["1.0.0-rc.1", "1.0.0", "1.0.9", "1.0.10", "1.9.0", "1.10.0", "2.0.0"];
  const sorted = order.map(version).toReversed().toSorted(compareVersions).map(formatVersion);
  expect(sorted).toEqual(order);
});

test("findNewest() passes pre-releases over", () => {
  expect(findNewest(["0.9.0", "1.0.0-rc.1", "0.10.0"].map(version))).toEqual(version("0.10.0"));
  expect(findNewest([version("1.0.0-rc.1")])).toBeUndefined();
});
