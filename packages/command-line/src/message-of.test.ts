import { expect, test } from "bun:test";
import { messageOf } from "./message-of.ts";

test.each([
  ["an error", new TypeError("It is full. Make room?"), "It is full. Make room?"],
  ["what is no error", 7, "7"],
])("messageOf() is all that %s says", (_, error, expected) => {
  expect(messageOf(error)).toBe(expected);
});
