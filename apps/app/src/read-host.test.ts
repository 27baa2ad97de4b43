import { expect, test } from "bun:test";
import { findHost, readHost } from "./read-host.ts";

test.each([
  ["a name", "https://www.Example.com/a", "www.example.com", "www.example.com"],
  ["look-alike letters", "http://\u0430pple.com/login", "\u0430pple.com", "xn--pple-43d.com"],
  ["the same in punycode", "https://xn--pple-43d.com/", "\u0430pple.com", "xn--pple-43d.com"],
  ["no scheme, and a user", "paypal.com:443@evil.example/x", "evil.example", "evil.example"],
  ["no scheme, and a port", "evil.example:8080", "evil.example", "evil.example"],
  ["a link in brackets", "(https://evil.example/)", "evil.example", "evil.example"],
  ["a link at the end of a sentence", "(see.example).", "see.example", "see.example"],
  ["a quoted one", "\u201Chttps://evil.example\u201D", "evil.example", "evil.example"],
  [
    "slashes that are none or one",
    "https:evil.example\\@a.example",
    "evil.example",
    "evil.example",
  ],
  ["a link that must not be clicked", "hxxps://evil[.]example/", "evil.example", "evil.example"],
  ["a mark before a path, which browsers keep", "http://a.example,/", "a.example,", "a.example,"],
  ["an address in brackets", "http://[2001:DB8::1]", "[2001:db8::1]", "[2001:db8::1]"],
])("readHost() of %s", (_, url, written, ascii) => {
  expect(readHost(url)).toEqual({ written, ascii });
});

test.each(["", "http://", "http://a b/", "https://xn--a-.example/"])(
  "readHost() finds none in %p",
  (url) => {
    expect(readHost(url)).toBeUndefined();
  },
);

test.each([
  ["https://a.example/b?c", "a.example"],
  ["a.example", "a.example"],
  ["//a.example:80/", "a.example"],
  ["https:\\\\user:x@y@a.example\\b", "a.example"],
  ["user@a.example?c=//d@e", "a.example"],
  ["\u201Chttps://a.example/b\u201D", "a.example"],
  [" <b.a.example#c>", "b.a.example"],
  ["a.example:8080/x", "a.example"],
  ["https://", ""],
  ["", ""],
])("findHost() of %p is where %p stands", (url, expected) => {
  expect(url.slice(...findHost(url))).toBe(expected);
});
