import { expect, test } from "bun:test";
import { findLoneLink } from "./find-lone-link.ts";

test.each<[string, string, string | undefined]>([
  ["a sentence", "Please visit http://evil.example/a?b=1 today", "http://evil.example/a?b=1"],
  ["the marks around a link", "Sign in («https://evil.example/in»).", "https://evil.example/in"],
  ["a mark before a link", "Go: <https://evil.example>!", "https://evil.example"],
  ["a word joined to a link", "link:HTTP://evil.example/ now", "HTTP://evil.example/"],
  ["brackets of the link", "see http://a.example/x_(y).", "http://a.example/x_(y)"],
  ["a link without a scheme", "Dear all,\nwww.evil.example/x is new", "www.evil.example/x"],
  ["a bare host", "Your parcel: dhl.evil.example:8080/x", "dhl.evil.example:8080/x"],
  ["a host of other letters", "Вход: пример.рф/вход сейчас", "пример.рф/вход"],
  ["two links", "http://a.example or http://b.example", undefined],
  ["no link", "hello there", undefined],
  ["an abbreviation, a sum and a mail address", "e.g. 1.50 to me@a.example", undefined],
  ["a word alone", "evil.example/x", undefined],
  ["the ends of sentences", "First one. Second one.", undefined],
])("findLoneLink() of %s", (_, text, expected) => {
  expect(findLoneLink(text)).toBe(expected);
});

test("findLoneLink() takes long text without delay", () => {
  const started = performance.now();
  for (const text of ["a.".repeat(1024), `x ${"<".repeat(2000)}`, `x ${").".repeat(1000)}!)x`]) {
    findLoneLink(`${text} y`);
  }
  expect(performance.now() - started).toBeLessThan(200);
});
