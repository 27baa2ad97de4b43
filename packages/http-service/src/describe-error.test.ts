import { expect, test } from "bun:test";
import { describeError } from "./describe-error.ts";

const inner = new Error("no such file");

test.each<[string, unknown, string]>([
  ["an error by its message", inner, "no such file"],
  [
    "its causes behind it",
    new Error("Cannot start", { cause: inner }),
    "Cannot start: no such file",
  ],
  ["what is no error as text", "stop", "stop"],
  ["a cause that is no error", new Error("Cannot start", { cause: 7 }), "Cannot start: 7"],
])("describeError() tells %s", (_, thrown, expected) => {
  expect(describeError(thrown)).toBe(expected);
});
