import { expect, test } from "bun:test";
import { findInnerLink } from "./inner-link.ts";

test.each<[string, string, ...string[]]>([
  ["a query", "https://www.google.com/url?q=https://evil.example/in", "https://evil.example/in"],
  [
    "a query with more",
    "google.com/url?sa=t&url=http://a.example/x?y=1&usg=2",
    "http://a.example/x?y=1",
  ],
  [
    "an escaped query",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fin%3Fa%3D1&data=05",
    "https://evil.example/in?a=1",
  ],
  ["a query without a name", "https://href.li/?https://evil.example", "https://evil.example"],
  [
    "a path",
    "https://urldefense.com/v3/__https://evil.example/in__;!!Abc$",
    "https://evil.example/in",
  ],
  [
    "two links, the first",
    "https://l.example/?u=http://a.example/&v=http://b.example/",
    "http://a.example/",
  ],
  ["an escape that is broken", "https://l.example/?u=https%3A%2F%2Fa.example%2"],
  ["no host", "https://l.example/?u=https://"],
  ["nothing but its own scheme", "https://bit.ly/3xYz12"],
  ["a word that only begins so", "https://l.example/?u=httpsx"],
])("findInnerLink() in %s", (_, url, ...links) => {
  expect([findInnerLink(url)]).toEqual(links.length === 0 ? [undefined] : links);
});
