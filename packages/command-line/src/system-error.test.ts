import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { isSystemError } from "./system-error.ts";

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test.each([
  ["a file that is not there", errorOf(() => readFileSync("/no/such/file")), true],
  ["a program that is not there", errorOf(() => Bun.spawnSync(["no-such-program"])), true],
  ["a wrong call", errorOf(() => createServer().listen(70_000)), false],
  ["a fault of ours", new TypeError("x is not a function"), false],
  ["no error", "ENOENT", false],
])("isSystemError() of %s", (_, error, expected) => {
  expect(isSystemError(error)).toBe(expected);
});
