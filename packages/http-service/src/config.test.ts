import { describe, expect, test } from "bun:test";
import * as large from "zod";
import * as small from "zod/mini";
import { choice, listenVariables, readEnvironment, whole } from "./config.ts";

const VARIABLES = {
  ...listenVariables({ PORT: 8080, METRICS_PORT: 9090, DRAIN_TIMEOUT_MS: 5000 }),
  COLOUR: choice(["red", "green"], "red"),
  COUNT: whole(1, 99, 7),
};
const DEFAULTS = {
  HOST: "127.0.0.1",
  PORT: 8080,
  METRICS_PORT: 9090,
  DRAIN_DELAY_MS: 250,
  DRAIN_TIMEOUT_MS: 5000,
  COLOUR: "red",
  COUNT: 7,
};

describe.each([
  ["small", small.object(VARIABLES)],
  ["large", large.object(VARIABLES)],
])("readEnvironment() with a schema of zod's %s form", (_, schema) => {
  const read = (environment: Readonly<Record<string, string>>) =>
    readEnvironment(environment, { schema });

  test("has the defaults, and takes an empty variable as not set", () => {
    expect(read({ PORT: "", OTHER: "x" })).toEqual(DEFAULTS as never);
  });

  test("reads what is set", () => {
    const given = { HOST: "::1", PORT: "0", METRICS_PORT: "0", COLOUR: "green", COUNT: "99" };
    const expected = { HOST: "::1", PORT: 0, METRICS_PORT: 0, COLOUR: "green", COUNT: 99 };
    expect(read(given)).toMatchObject(expected);
  });

  test.each([
    ["PORT", "65536", "must be a whole number from 0 to 65535"],
    ["PORT", "-1", "must be a whole number from 0 to 65535"],
    ["PORT", "80.5", "must be a whole number from 0 to 65535"],
    ["METRICS_PORT", "http", "must be a whole number from 0 to 65535"],
    ["DRAIN_DELAY_MS", "1s", "must be a whole number from 0 to 600000"],
    ["DRAIN_TIMEOUT_MS", "9", "must be a whole number from 10 to 600000"],
    ["COUNT", "0", "must be a whole number from 1 to 99"],
    ["COLOUR", "blue", "must be one of red, green"],
    ["METRICS_PORT", "8080", "must be another than PORT"],
  ])("refuses %s=%s and says what would be right", (name, value, right) => {
    expect(() => read({ [name]: value })).toThrow(
      new RangeError(`Cannot start with this configuration: ${name} is "${value}" but ${right}`),
    );
  });

  test("names all that is wrong at once", () => {
    expect(() => read({ PORT: "x", COUNT: "x" })).toThrow(/PORT is "x".*; COUNT is "x"/);
  });
});

test("readEnvironment() refuses what is wrong only together", () => {
  const findMistakes = ({ COUNT }: { COUNT: number }) => (COUNT === 13 ? ["13 is not lucky"] : []);
  const schema = small.object(VARIABLES);
  expect(readEnvironment({}, { schema, findMistakes }).COUNT).toBe(7);
  expect(() => readEnvironment({ COUNT: "13" }, { schema, findMistakes })).toThrow(
    "Cannot start with this configuration: 13 is not lucky",
  );
});
