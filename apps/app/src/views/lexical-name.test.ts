import { expect, test } from "bun:test";
import { describeLexical, hasEscapes } from "./lexical-name.ts";

test.each([
  ["flag 1", "the host is written in Punycode"],
  ["depth 0", "a host without a path"],
  ["host length 9", "length of the host"],
  ["path escapes 15", "15 or more escaped characters in the path"],
  ["host digits 0", "no digits in the host"],
  ["host digits 1", "1 digit in the host"],
  ["host hyphens 3", "3 hyphens in the host"],
  ["path depth 2", "2 slashes in the path"],
  ["path @ 0", "no @ signs in the path"],
  ["query parameters 1", "1 parameter in the query"],
  ["letter–digit changes 0", "no changes between letters and digits in the host"],
  ["path capitals 0", "no capitals in the path"],
  ["path capitals 4", "capitals in the path"],
  ["path digits 0", "no digits in the path"],
  ["path length 0", "no path"],
  ["query length 0", "no query"],
  ["query length 7", "length of the query"],
  ["subdomain length 0", "nothing stands before the site’s name"],
  ["site vowel share 0", "no vowels in the site’s name"],
  ["site vowel share 15", "no letters in the site’s name"],
  ["site consonant run 0", "no consonants in the site’s name"],
  ["site digit run 1", "no two digits in a row in the site’s name"],
  ["site consonant run 5", "5 consonants in a row in the site’s name"],
  ["path trait 9", "path trait 9"],
  ["a measure of tomorrow", "a measure of tomorrow"],
])("describeLexical() says %s as %s", (name, words) => {
  expect(describeLexical(name)).toBe(words);
});

test.each([
  ["path capitals 3", "capitals in the path, escapes such as %C3 included"],
  ["path digits 0", "no digits in the path, escapes such as %C3 included"],
  ["path escapes 2", "2 escaped characters in the path"],
  ["host digits 0", "no digits in the host"],
])("describeLexical() says %s, where the path has escapes, as %s", (name, words) => {
  expect(describeLexical(name, { isEscaped: true })).toBe(words);
});

test.each([
  ["path escapes 2", true],
  ["path escapes 0", false],
  ["path capitals 3", false],
])("hasEscapes() of %s is %p", (name, expected) => {
  expect(hasEscapes([{ name: "depth 1" }, { name }])).toBe(expected);
});
