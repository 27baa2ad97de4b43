import { expect, test } from "bun:test";
import { readConfig } from "./config.ts";

test("readConfig() has a default for everything", () => {
  expect(readConfig({ PORT: "" })).toEqual({
    HOST: "127.0.0.1",
    PORT: 8082,
    METRICS_PORT: 9092,
    PAIR_WAIT_MS: 10_000,
    MOST_PENDING: 20_000,
    NEW_WARNINGS_TOLERATED: 0.01,
    NEW_WARNINGS_INTOLERABLE: 0.02,
    LOST_WARNINGS_TOLERATED: 0.01,
    LOST_WARNINGS_INTOLERABLE: 0.02,
    FALSE_REJECT: 0.05,
    FALSE_PROMOTE: 0.05,
    UNPAIRED_TOLERATED: 0.05,
    WATCH_MINUTES: 60,
    BODY_TIMEOUT_MS: 10_000,
    DRAIN_DELAY_MS: 250,
    DRAIN_TIMEOUT_MS: 5000,
  });
});

test.each([
  ["a port out of range", { PORT: "65536" }, 'PORT is "65536" but must be a whole number from 0'],
  ["a share of one", { FALSE_REJECT: "0.5" }, "must be a number above 0 and below 0.5"],
  ["a share of none", { UNPAIRED_TOLERATED: "0" }, "must be a number above 0 and below 1"],
  ["a share in words", { FALSE_PROMOTE: "5%" }, 'FALSE_PROMOTE is "5%" but must be a number'],
  ["a negative share", { FALSE_PROMOTE: "-0.1" }, 'FALSE_PROMOTE is "-0.1" but must be a number'],
  [
    "limits that meet",
    { LOST_WARNINGS_TOLERATED: "0.02" },
    "must be below LOST_WARNINGS_INTOLERABLE, which is 0.02",
  ],
  [
    "limits swapped",
    { NEW_WARNINGS_TOLERATED: "0.5" },
    'NEW_WARNINGS_TOLERATED is "0.5" but must be below',
  ],
])("readConfig() refuses %s", (_, environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});

test("readConfig() names all that is wrong at once", () => {
  expect(() => readConfig({ PORT: "x", WATCH_MINUTES: "x" })).toThrow(/PORT.*; WATCH_MINUTES/);
});
