import { expect, test } from "bun:test";
import { readConfig } from "./config.ts";

test("readConfig() has a default for everything but the label and the report", () => {
  const { MODEL_DIR, BRANDS_FILE, ...rest } = readConfig({});
  expect(rest).toEqual({
    HOST: "127.0.0.1",
    PORT: 8081,
    METRICS_PORT: 9091,
    MODEL_POLL_MS: 2000,
    BRAND_RULES: "on",
    QUEUE_LIMIT: 4096,
    COALESCE: "on",
    BODY_TIMEOUT_MS: 10_000,
    DRAIN_DELAY_MS: 250,
    DRAIN_TIMEOUT_MS: 10_000,
    SHADOW_REPORT_QUERIES: "redact",
    LOG_LEVEL: "info",
  });
  expect(MODEL_DIR).toEndWith("/models/v1");
  expect(BRANDS_FILE).toEndWith("/models/brands.json");
});

test("readConfig() takes an empty variable as not set and a relative folder from here", () => {
  expect(readConfig({ PORT: "" }).PORT).toBe(8081);
  expect(readConfig({ MODEL_DIR: "some/model" }).MODEL_DIR).toBe(`${process.cwd()}/some/model`);
});

test.each([
  ["a port out of range", { PORT: "65536" }, 'PORT is "65536" but must be a whole number from 0'],
  [
    "a time that is too short",
    { BODY_TIMEOUT_MS: "9" },
    "must be a whole number from 10 to 240000",
  ],
  ["a port that is no number", { PORT: "http" }, 'PORT is "http" but must be a whole number'],
  ["a negative limit", { QUEUE_LIMIT: "-1" }, 'QUEUE_LIMIT is "-1" but must be a whole number'],
  ["an unknown switch", { BRAND_RULES: "yes" }, 'BRAND_RULES is "yes" but must be one of on, off'],
  ["a label with a quote", { VERSION_LABEL: 'v"1' }, "must be 1 to 32 letters"],
  ["a report that is no address", { SHADOW_REPORT_URL: "shadow-report:80" }, "must be the address"],
  ["a log level", { LOG_LEVEL: "loud" }, "must be one of debug, info, warn, error"],
])("readConfig() refuses %s", (_, environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});

test("readConfig() names all that is wrong at once", () => {
  expect(() => readConfig({ PORT: "x", COALESCE: "x" })).toThrow(/PORT.*; COALESCE/);
});
