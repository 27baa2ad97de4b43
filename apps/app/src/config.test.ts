import { describe, expect, test } from "bun:test";
import { readConfig } from "./config.ts";

describe("readConfig()", () => {
  test("has a default for every variable", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 8080,
      metricsPort: 9090,
      modelUrl: "http://127.0.0.1:8081",
      modelTimeoutMs: 900,
      drainDelayMs: 250,
      variant: "v1",
    });
  });

  test("takes an empty variable for one that is not set", () => {
    expect(readConfig({ PORT: "", VARIANT: "" })).toEqual(readConfig({}));
  });

  test("reads what is set", () => {
    const environment = {
      HOST: "0.0.0.0",
      PORT: "0",
      METRICS_PORT: "0",
      MODEL_URL: "https://Model.example:8443/",
      MODEL_TIMEOUT_MS: "50",
      DRAIN_DELAY_MS: "5000",
      VARIANT: "v2",
    };
    expect(readConfig(environment)).toEqual({
      host: "0.0.0.0",
      port: 0,
      metricsPort: 0,
      modelUrl: "https://model.example:8443",
      modelTimeoutMs: 50,
      drainDelayMs: 5000,
      variant: "v2",
    });
  });

  test.each([
    ["PORT", "65536", "a whole number from 0 (a free port) to 65535"],
    ["PORT", "-1", "a whole number from 0 (a free port) to 65535"],
    ["PORT", "80.5", "a whole number from 0 (a free port) to 65535"],
    ["METRICS_PORT", "http", "a whole number from 0 (a free port) to 65535"],
    ["MODEL_TIMEOUT_MS", "1000", "a whole number of milliseconds from 50 to 950"],
    ["MODEL_TIMEOUT_MS", "0", "a whole number of milliseconds from 50 to 950"],
    ["DRAIN_DELAY_MS", "1s", "a whole number of milliseconds from 0 to 600000"],
    ["MODEL_URL", "127.0.0.1:8081", 'an origin such as "http://127.0.0.1:8081"'],
    ["MODEL_URL", "http://a.example/predict", 'an origin such as "http://127.0.0.1:8081"'],
    ["MODEL_URL", "http://user:word@a.example", 'an origin such as "http://127.0.0.1:8081"'],
    ["MODEL_URL", "ftp://a.example", 'an origin such as "http://127.0.0.1:8081"'],
    ["VARIANT", "v3", '"v1" or "v2"'],
  ])("refuses %s=%s and says what would be right", (name, value, right) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      `Cannot start: ${name} is ${JSON.stringify(value)}, must be ${right}`,
    );
  });

  test("names every mistake at once", () => {
    expect(() => readConfig({ VARIANT: "x", PORT: "y" })).toThrow(/PORT is "y".*; VARIANT is "x"/);
  });

  test("refuses one port for two listeners", () => {
    expect(() => readConfig({ PORT: "9000", METRICS_PORT: "9000" })).toThrow(
      "Cannot start: PORT and METRICS_PORT are both 9000, must be two ports",
    );
  });
});
