import { expect, test } from "bun:test";
import { formatAmount, formatCount } from "./format-amount.ts";

test.each([
  [0, "0 URLs"],
  [1, "1 URL"],
  [2, "2 URLs"],
  [12_345, "12,345 URLs"],
])("formatAmount() of %d is %p", (count, text) => {
  expect(formatAmount(count, "URL")).toBe(text);
  expect(text).toStartWith(`${formatCount(count)} `);
});
