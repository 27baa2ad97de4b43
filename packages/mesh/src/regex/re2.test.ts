import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseRegex } from "./parse.ts";
import { compileRegex, compileReplace } from "./re2.ts";
import { RegexError } from "./reader.ts";
import { toJavaScript } from "./syntax.ts";

describe("compileRegex", () => {
  test.each([
    ["a|b", "b", true],
    ["a|b", "ab", false],
    ["a.c", "abc", true],
    ["a.c", "a\nc", false],
    ["(?s)a.c", "a\nc", true],
    // JavaScript's dot takes no line separator, RE2's does.
    ["a.c", "a\u2028c", true],
    ["[^a]", "\n", true],
    ["(?i)straße", "STRAßE", true],
    ["(?i)k", "\u212a", true],
    ["a(?i)b", "aB", true],
    ["a(?i)b", "AB", false],
    ["(?i:a)b", "AB", false],
    ["x{2,3}", "xx", true],
    ["x{2,3}", "xxxx", false],
    ["x{,3}", "x{,3}", true],
    ["x{0}", "", true],
    ["^a$", "a", true],
    ["a^b", "ab", false],
    ["(?m)a$\n^b", "a\nb", true],
    ["a$\n^b", "a\nb", false],
    ["\\Aa\\z", "a", true],
    ["\\ba\\b.*", "a b", true],
    ["\\ba\\b.*", "ab", false],
    ["\\Ba.*", "a", false],
    ["\\d+", "٣", false],
    ["\\w+", "é", false],
    ["\\s", "\u000b", false],
    ["\\s", "\u00a0", false],
    ["[[:alpha:]_]+", "ab_", true],
    ["[[:^alpha:]]", "a", false],
    ["[]a]+", "]a", true],
    ["[^]a]", "]", false],
    ["[a-]+", "a-", true],
    ["[\\d-]+", "1-", true],
    ["\\pL+", "éa", true],
    ["\\p{Greek}", "λ", true],
    ["\\P{Greek}", "λ", false],
    ["[^\\pL]", "é", false],
    ["\\x41\\x{1F600}\\101", "A😀A", true],
    [".", "😀", true],
    ["\\Qa.b\\E+", "a.b", true],
    ["(?P<name>a)(?<other>b)", "ab", true],
    ["(?U)a+", "aa", true],
    ["a+?", "aa", true],
    ["(a|b)*c", "abbac", true],
    ["()*", "", true],
    ["", "", true],
    ["", "a", false],
    ["a||b", "", true],
    ["(.*;\\s*)?hookline-version=v2(;.*)?", "a=b; hookline-version=v2; c=d", true],
    ["(.*;\\s*)?hookline-version=v2(;.*)?", "xhookline-version=v2", false],
  ])("%j on %j is %p", (pattern, text, expected) => {
    expect(compileRegex(pattern)(text)).toBe(expected);
  });

  test.each([
    ["(?=a)b", "look-ahead"],
    ["(?!a)b", "look-ahead"],
    ["(?<=a)b", "look-behind"],
    ["(?<!a)b", "look-behind"],
    ["(?>a)b", "atomic"],
    ["(a)\\1", "back-reference"],
    ["(?<n>a)\\k<n>", "back-reference"],
    ["a++", "repeats no repetition"],
    ["a**", "repeats no repetition"],
    ["*", "Nothing to repeat"],
    ["x{1001}", "bad repetition"],
    ["x{3,2}", "bad repetition"],
    ["a)", "unexpected )"],
    ["(a", "missing )"],
    ["[a", "missing ]"],
    ["[z-a]", "backwards"],
    ["[[:wrong:]]", "no class"],
    ["\\p{Wrong}", "no class"],
    ["\\Z", "no escape"],
    ["\\u0041", "no escape"],
    ["\\C", "not modelled"],
    ["a\\", "ends too early"],
    ["((((a{1000}){1000}){1000}){1000})", "too large"],
    ["(?x)a", "no group"],
    ["(".repeat(300), "too deep"],
  ])("refuses %j", (pattern, reason) => {
    const compile = () => compileRegex(pattern);
    expect(compile).toThrow(RegexError);
    expect(compile).toThrow(reason);
  });

  test("stays linear where JavaScript's engine would not end", () => {
    expect(compileRegex("(a+)+b")("a".repeat(50_000))).toBe(false);
    expect(compileRegex("(.*a){20}")(`${"ab".repeat(5000)}!`)).toBe(false);
  }, 120_000);

  const piece = fc.constantFrom(
    ..."ab.|()*+?^$",
    "[ab]",
    "[^a]",
    "\\d",
    "\\b",
    "a{2}",
    "(?:",
    "(?i)",
    "\\w",
  );
  const pattern = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(""));
  const text = fc.string({ unit: fc.constantFrom(..."abAB1 \n"), maxLength: 8 });

  test("agrees with JavaScript where both have the syntax", () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern, text, (given, subject) => {
        let source: string;
        try {
          source = toJavaScript(parseRegex(given));
        } catch (error) {
          if (error instanceof RegexError) return;
          throw error;
        }
        compared += 1;
        expect(compileRegex(given)(subject)).toBe(new RegExp(`^(?:${source})$`, "u").test(subject));
      }),
      { numRuns: 5000 },
    );
    expect(compared).toBeGreaterThan(500);
  }, 120_000);
});

describe("compileReplace", () => {
  test.each([
    ["^/service/([^/]+)(/.*)$", "\\2/instance/\\1", "/service/foo/v1/api", "/v1/api/instance/foo"],
    ["one", "two", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/two/zzz"],
    ["^(.*?)one(.*)$", "\\1two\\2", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/one/zzz"],
    ["(?i)/xxx/", "/yyy/", "/aaa/XxX/bbb", "/aaa/yyy/bbb"],
    ["a", "$1\\\\\\0", "bab", "b$1\\ab"],
  ])("%j by %j in %j", (pattern, substitution, path, expected) => {
    expect(compileReplace(pattern, substitution)(path)).toBe(expected);
  });
});
