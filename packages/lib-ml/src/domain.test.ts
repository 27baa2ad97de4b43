import { expect, test } from "bun:test";
import { registrableDomain } from "./domain.ts";

test.each([
  ["example.com", "example.com"],
  ["a.b.example.co.uk", "example.co.uk"],
  ["x.user.github.io", "user.github.io"],
  ["github.io", "github.io"],
  ["com", "com"],
  ["127.0.0.1", "127.0.0.1"],
  ["[::1]", "[::1]"],
  ["localhost", "localhost"],
  ["a.unknown-suffix", "a.unknown-suffix"],
  ["", ""],
])("registrableDomain(%j) is %j", (host, domain) => {
  expect(registrableDomain(host)).toBe(domain);
});
