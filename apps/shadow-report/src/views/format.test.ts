import { expect, test } from "bun:test";
import { formatMs, formatScore, formatShare } from "./format.ts";

test.each([
  [undefined, "–"],
  [0, "0\u00a0%"],
  [1, "100\u00a0%"],
  [0.99999, "99.99\u00a0%"],
  [0.99259, "99.25\u00a0%"],
  [0.012345, "1.23\u00a0%"],
])("formatShare() of %p is %p", (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each([
  [undefined, "–", "–"],
  [0.1234, "0.123", "+0.123"],
  [-0.5, "−0.500", "−0.500"],
  [-0.0001, "0.000", "0.000"],
])("formatScore() of %p is %p, signed %p", (score, plain, signed) => {
  expect([formatScore(score), formatScore(score, { signed: true })]).toEqual([plain, signed]);
});

test.each([
  [undefined, "–"],
  [0, "0\u00a0ms"],
  [1.234, "+1.2\u00a0ms"],
  [-123.4, "−120\u00a0ms"],
])("formatMs() of %p is %p", (ms, text) => {
  expect(formatMs(ms, { signed: true })).toBe(text);
});
