import { expect, test } from "bun:test";
import { formatAmount, formatCount } from "./format-amount.ts";

test("formatCount() sets thousands apart", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
});

test.each([
  [0, "0 URLs"],
  [1, "1 URL"],
  [1234, "1,234 URLs"],
])("formatAmount() of %d is %p", (count, text) => {
  expect(formatAmount(count, "URL")).toBe(text);
});
