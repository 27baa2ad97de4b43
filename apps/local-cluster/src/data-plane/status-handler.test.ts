import { expect, test } from "bun:test";
import { isLoopbackHost } from "./status-handler.ts";

test.each([
  ["localhost", true],
  ["LOCALHOST:8080", true],
  ["localhost:", true],
  ["127.0.0.1:8080", true],
  ["127.255.0.1", true],
  ["[::1]:8080", true],
  ["127.0.0.1.example.com", false],
  ["localhost.", false],
  ["example.com", false],
  ["[::ffff:127.0.0.1]", false],
  // No URL can have these: the page would be asked with one.
  ["127.999.0.1", false],
  ["localhost:99999", false],
])("isLoopbackHost() of %s is %p", (authority, expected) => {
  expect(isLoopbackHost(authority)).toBe(expected);
});
