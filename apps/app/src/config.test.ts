import { describe, expect, test } from "bun:test";
import { readConfig } from "./config.ts";

describe("readConfig()", () => {
  test("has a default for every variable", () => {
    expect(readConfig({ VARIANT: "" })).toEqual({
      HOST: "127.0.0.1",
      PORT: 8080,
      METRICS_PORT: 9090,
      DRAIN_DELAY_MS: 250,
      DRAIN_TIMEOUT_MS: 5000,
      MODEL_URL: "http://127.0.0.1:8081",
      MODEL_TIMEOUT_MS: 900,
      VARIANT: "v1",
    });
  });

  test("reads what is set", () => {
    const environment = {
      MODEL_URL: "https://Model.example:8443/",
      MODEL_TIMEOUT_MS: "50",
      VARIANT: "v2",
    };
    expect(readConfig(environment)).toMatchObject({
      MODEL_URL: "https://model.example:8443",
      MODEL_TIMEOUT_MS: 50,
      VARIANT: "v2",
    });
  });

  test.each([
    ["PORT", "65536", "must be a whole number from 0 to 65535"],
    ["MODEL_TIMEOUT_MS", "1000", "must be a whole number from 50 to 950"],
    ["MODEL_TIMEOUT_MS", "0", "must be a whole number from 50 to 950"],
    ["MODEL_URL", "127.0.0.1:8081", 'must be an origin such as "http://127.0.0.1:8081"'],
    ["MODEL_URL", "http://a.example/predict", 'must be an origin such as "http://127.0.0.1:8081"'],
    [
      "MODEL_URL",
      "http://user:word@a.example",
      'must be an origin such as "http://127.0.0.1:8081"',
    ],
    ["MODEL_URL", "ftp://a.example", 'must be an origin such as "http://127.0.0.1:8081"'],
    ["VARIANT", "v3", "must be one of v1, v2"],
  ])("refuses %s=%s and says what would be right", (name, value, right) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      `Cannot start with this configuration: ${name} is "${value}" but ${right}`,
    );
  });

  test("names every mistake at once", () => {
    expect(() => readConfig({ VARIANT: "x", PORT: "y" })).toThrow(/PORT is "y".*; VARIANT is "x"/);
  });
});
