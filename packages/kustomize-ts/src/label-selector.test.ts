import { expect, test } from "bun:test";
import { parseLabelSelector } from "./label-selector.ts";

const labels = new Map([
  ["app", "web"],
  ["example.com/n", "5"],
]);

test.each([
  ["", true],
  ["app", true],
  ["!app", false],
  ["app=web", true],
  ["app == api", false],
  ["app!=api,missing!=x", true],
  ["app in (web, api)", true],
  ["app notin (web)", false],
  ["missing notin (web)", true],
  ["example.com/n>4", true],
  ["example.com/n<5", false],
  ["in=in", false],
])("parseLabelSelector() tests %j", (selector, expected) => {
  expect(parseLabelSelector(selector)(labels)).toBe(expected);
});

test.each(["a in b", "a in (b", "a=b=c", "=a", "a,", "a b", "-a=b", "a/b/c", "a>x", "a=b!"])(
  "parseLabelSelector() refuses %j",
  (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow("unable to parse requirement");
  },
);
