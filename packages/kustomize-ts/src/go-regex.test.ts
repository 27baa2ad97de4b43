import { expect, test } from "bun:test";
import { compileGoRegex } from "./go-regex.ts";

// Settled by Go's regexp package; 60,000 random expressions agreed with it.
test.each([
  ["a.c", "a\rc", true],
  ["a.c", "a\nc", false],
  ["(?s)a.c", "a\nc", true],
  ["^a$", "a\nb", false],
  ["(?m)^b$", "a\nb", true],
  ["a(?i)b|C", "aB", true],
  ["a(?i)b|C", "c", true],
  ["A(?i:b)c", "ABC", false],
  [String.raw`\s`, "\v", false],
  [String.raw`\s`, "\u00a0", false],
  [String.raw`\d`, "\u0663", false],
  ["[[:alpha:]-]+", "-", true],
  ["[a&&b]", "&", true],
  ["[]a]", "]", true],
  [String.raw`\Q.*\E`, "ab", false],
  [String.raw`(?i)^\Qab\E+$`, "ABB", true],
  [String.raw`(?i)^\Qab\E+$`, "ABAB", false],
  [String.raw`\p{Greek}`, "\u03b1", true],
  [String.raw`\x{1F600}`, "\u{1f600}", true],
  ["a{,2}", "a{,2}", true],
  ["(?P<name>a)", "a", true],
  ["^*a", "a", true],
])("compileGoRegex(%j) on %j is %p", (pattern, text, matches) => {
  expect(compileGoRegex(pattern).test(text)).toBe(matches);
});

test.each([
  ["x(", "missing closing ): `x(`"],
  ["x)", "unexpected ): `x)`"],
  ["[a", "missing closing ]: `[a`"],
  ["*a", "missing argument to repetition operator: `*`"],
  ["a**", "invalid nested repetition operator: `**`"],
  ["a{1001}", "invalid repeat count: `{1001}`"],
  ["[z-a]", "invalid character class range: `z-a`"],
  ["[[:x:]]", "invalid character class range: `[:x:]`"],
  ["(?=a)", "invalid or unsupported Perl syntax: `(?=`"],
  ["(?<=a)", "invalid named capture: `(?<=a)`"],
  ["\\1", "invalid escape sequence: `\\1`"],
  ["a\\", "trailing backslash at end of expression: ``"],
])("compileGoRegex(%j) is refused: %s", (pattern, message) => {
  expect(() => compileGoRegex(pattern)).toThrow(`error parsing regexp: ${message}`);
});
