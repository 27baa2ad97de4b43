import { expect, test } from "bun:test";
import { formatSeconds } from "./format-seconds.ts";

test.each([
  [1_000, "1 second"],
  [500, "0.5 seconds"],
  [2_000, "2 seconds"],
])("formatSeconds() of %i", (ms, text) => {
  expect(formatSeconds(ms)).toBe(text);
});
