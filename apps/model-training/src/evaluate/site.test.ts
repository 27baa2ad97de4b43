import { expect, test } from "bun:test";
import { canonicalise } from "@hookline/lib-ml";
import { isOnPlatform, siteOf } from "./site.ts";

test.each([
  ["https://www.a.example.co.uk/x", "example.co.uk"],
  ["someone.github.io/page", "someone.github.io"],
  ["shop.someone.weebly.com", "someone.weebly.com"],
  ["weebly.com/login", "weebly.com"],
  ["192.0.2.7/x", "192.0.2.7"],
  ["xn--pple-43d.com", "apple.com (punycode)"],
])("siteOf() %s is %s", (url, expected) => {
  const canonical = canonicalise(url);
  expect(canonical && siteOf(canonical)).toBe(expected);
});

test("isOnPlatform() holds for customers, not for the platform itself", () => {
  const hosts = ["shop.weebly.com", "weebly.com", "someone.github.io", "example.com"];
  expect(hosts.map(isOnPlatform)).toEqual([true, false, false, false]);
});
