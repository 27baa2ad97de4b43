import { expect, test } from "bun:test";
import { canonicalise } from "./canonicalise.ts";

test.each([
  ["the scheme", "https://example.com", "example.com"],
  ["userinfo", "https://google.com@example.com/a", "example.com/a"],
  ["www.", "www.www.example.com", "example.com"],
  ["nothing of a bare www.com", "www.com/a", "www.com/a"],
  ["a default port", "http://example.com:80", "example.com"],
  ["a fragment", "example.com/a#top", "example.com/a"],
  ["no route of a single-page application", "example.com/#/login#x", "example.com/#/login"],
  ["tracking parameters", "example.com/?a=1&utm_source=x&fbclid=y&b=2", "example.com?a=1&b=2"],
  ["a query of nothing else", "example.com/a?utm%5Fsource=x", "example.com/a"],
  ["slashes at the end", "example.com/a//", "example.com/a"],
  ["a quote before what is dropped", "https://example.com/a'/#x", "example.com/a"],
  ["dot segments", "example.com/x/%2e%2e/./a/b/..", "example.com/a"],
  ["the dot at a host's end", "http://example.com./x", "example.com/x"],
  ["line breaks", "\thttp://exam\nple.com ", "example.com"],
])("canonicalise() drops %s", (_, url, expected) => {
  expect(canonicalise(url)?.text).toBe(expected);
});

test.each([
  ["the host's case, not the path's", "EXAMPLE.com/A?B=C", "example.com/A?B=C"],
  ["escapes of unreserved characters", "example.com/%61%2d%2f%c3", "example.com/a-%2F%C3"],
  ["escapes in the host", "http://ex%61mple.com", "example.com"],
  ["a stray percent sign", "example.com/%%361", "example.com/%2561"],
  ["a lone surrogate", "example.com/\ud800", "example.com/%EF%BF%BD"],
  ["backslashes", "https:\\\\example.com\\a", "example.com/a"],
  ["punycode that looks like ASCII", "xn--pypal-4ve.com", "paypal.com"],
  ["another script", "https://münchen.de/straße", "munchen.de/stra%C3%9Fe"],
  ["a script without look-alikes", "https://例え.jp", "xn--r8jz45g.jp"],
  ["hexadecimal addresses", "http://0x7f.1/", "127.0.0.1"],
  ["one-number addresses", "http://3232235777", "192.168.1.1"],
  ["IPv6", "http://[::0001]:81/a", "[::1]/a"],
  ["defanged text", "hxxp://example[.]com/a", "example.com/a"],
])("canonicalise() rewrites %s", (_, url, expected) => {
  expect(canonicalise(url)?.text).toBe(expected);
});

test.each([
  ["nothing", ""],
  ["blanks", " \t\n "],
  ["a word", "hello"],
  ["a sentence", "hello dear world."],
  ["another scheme", "mailto:someone@example.com"],
  ["a script", "javascript:alert(1)//example.com"],
  ["an impossible address", "http://256.1.1.1/"],
  ["an empty label", "http://a..b/"],
  ["an impossible port", "http://example.com:65536"],
  ["NUL in the host", "http://exam\0ple.com"],
  ["a host beyond 253 characters", `http://${"a.".repeat(127)}com`],
])("canonicalise() refuses %s", (_, url) => {
  expect(canonicalise(url)).toBeUndefined();
});
