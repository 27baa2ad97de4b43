import { expect, test } from "bun:test";
import { isRequestId } from "./is-request-id.ts";

test.each([
  ["0af76519-16cd-43dd-8448-eb211c80319c", true],
  ["Root=1-67891233-abcdef012345678912345678", true],
  ["bG9uZw+/==", true],
  ["user@host.example:8080", true],
  ["x".repeat(128), true],
  ["x".repeat(129), false],
  ["", false],
  ["a b", false],
  ['a"b', false],
  ["a\nb", false],
  ["ä", false],
])("isRequestId() of %p is %p", (text, expected) => {
  expect(isRequestId(text)).toBe(expected);
});
