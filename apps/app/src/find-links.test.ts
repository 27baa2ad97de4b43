import { expect, test } from "bun:test";
import { findLinks } from "./find-links.ts";

test.each<[string, string, ...string[]]>([
  ["a sentence", "Please visit http://evil.example/a?b=1 today", "http://evil.example/a?b=1"],
  ["the marks around a link", "Sign in («https://evil.example/in»).", "https://evil.example/in"],
  ["a mark before a link", "Go: <https://evil.example>!", "https://evil.example"],
  ["a word joined to a link", "link:HTTP://evil.example/ now", "HTTP://evil.example/"],
  ["brackets of the link", "see http://a.example/x_(y).", "http://a.example/x_(y)"],
  ["a link without a scheme", "Dear all,\nwww.evil.example/x is new", "www.evil.example/x"],
  ["a bare host", "Your parcel: dhl.evil.example:8080/x", "dhl.evil.example:8080/x"],
  ["a host of other letters", "Вход: пример.рф/вход сейчас", "пример.рф/вход"],
  ["two links", "http://a.example or http://b.example", "http://a.example", "http://b.example"],
  ["a link twice", "http://a.example and http://a.example", "http://a.example"],
  [
    "HTML",
    '<a href="https://evil.example/in?x=1">https://a.example</a>',
    "https://evil.example/in?x=1",
  ],
  ["HTML without quotes", "<a class=x href=https://evil.example>a</a>", "https://evil.example"],
  ["Markdown", "[Bank](https://evil.example/in)", "https://evil.example/in"],
  [
    "Markdown that shows another",
    "[https://a.example](https://evil.example/in)",
    "https://evil.example/in",
  ],
  ["a word with its link behind it", "Bank<https://evil.example/in>", "https://evil.example/in"],
  ["a word with its link after a colon", "Link:https://evil.example/in", "https://evil.example/in"],
  ["a name without a dot", "see http://router/admin", "http://router/admin"],
  ["a host that is torn", "https://example .com/"],
  ["a script with a link", "javascript:open('https://evil.example') //"],
  ["a link that is refused", "<http://256.1.1.1/>"],
  ["no link", "hello there"],
  ["an abbreviation, a sum and a mail address", "e.g. 1.50 to me@a.example"],
  ["a word alone", "evil.example/x"],
  ["the ends of sentences", "First one. Second one."],
])("findLinks() of %s", (_, text, ...expected) => {
  expect(findLinks(text)).toEqual(expected);
});
