import { expect, test } from "bun:test";
import { readSite } from "./read-site.ts";

test.each([
  ["https://www.paypal.com.login.example.net/a", "registered example.net"],
  ["http://a.b.co.uk:8080/", "registered b.co.uk"],
  ["someone.github.io/x", "registered someone.github.io"],
  ["https://paypal.com@evil.example.org/", "registered example.org"],
  ["https://www.m\u00FCnchen.de/", "registered m\u00FCnchen.de"],
  ["https://xn--mnchen-3ya.de./", "registered m\u00FCnchen.de"],
  ["https://a.foo.nonexistent/", "not public nonexistent"],
  ["http://printer.lan/", "not public lan"],
  ["http://192.168.0.1/", "nothing"],
  ["http://[::1]/", "nothing"],
  ["http://localhost/", "nothing"],
  ["https://github.io/", "nothing"],
  ["no url at all", "nothing"],
])("readSite() of %s is %s", (url, expected) => {
  const site = readSite(url);
  const said = site?.kind === "registered" ? `registered ${site.name}` : site?.ending;
  expect(said === undefined ? "nothing" : said.replace(/^(?!registered )/, "not public ")).toBe(
    expected,
  );
});
