import { expect, test } from "bun:test";
import { isPassing, parseRetryAfter, planRetry } from "./retry.ts";

const NOW = Date.UTC(2026, 0, 1);

test.each([
  [200, false],
  [403, false],
  [404, false],
  [408, true],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
])("isPassing(%i) is %p", (status, expected) => {
  expect(isPassing(status)).toBe(expected);
});

test.each([
  ["no header", null, 0],
  ["seconds", "7", 7000],
  ["a date", "Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
  ["a date that has passed", "Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ["nonsense", "soon", 0],
])("parseRetryAfter() reads %s", (_, header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected);
});

test.each([
  ["the first wait", 1, null, 0, { kind: "wait", ms: 1000 }],
  ["it doubles", 3, null, 0, { kind: "wait", ms: 4000 }],
  ["chance takes up to a half", 3, null, 0.999, { kind: "wait", ms: 2002 }],
  ["not over a minute", 8, null, 0, { kind: "wait", ms: 60_000 }],
  ["the server's word counts", 1, "30", 0, { kind: "wait", ms: 30_000 }],
  ["but not for hours", 1, "3600", 0, { kind: "give-up" }],
  ["the last try", 9, null, 0, { kind: "give-up" }],
] as const)("planRetry(): %s", (_, attempt, retryAfter, jitter, expected) => {
  expect(planRetry({ attempt, attempts: 9, retryAfter, now: NOW, jitter })).toEqual(expected);
});
