import { expect, test } from "bun:test";
import { describeLexical } from "./lexical-name.ts";

test.each([
  ["flag 1", "the host is written in Punycode"],
  ["depth 0", "a host without a path"],
  ["host length 9", "length of the host"],
  ["path escapes 15", "escaped characters in the path"],
  ["path trait 9", "path trait 9"],
  ["a measure of tomorrow", "a measure of tomorrow"],
])("describeLexical() says %s as %s", (name, words) => {
  expect(describeLexical(name)).toBe(words);
});
