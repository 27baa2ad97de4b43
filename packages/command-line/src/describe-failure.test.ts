import { expect, test } from "bun:test";
import { parseArgs } from "node:util";
import { describeFailure } from "./describe-failure.ts";

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

const WRONG_OPTION = errorOf(() => parseArgs({ args: ["--x"], allowPositionals: true }));
const QUESTION = new Error("Unable to connect. Is the computer able to access the url?");

test.each([
  ["an option that there is not", WRONG_OPTION, "Unknown option '--x'"],
  ["what goes on with a question", QUESTION, "Unable to connect"],
  ["one that names a file", new Error("no file a.yaml"), "no file a.yaml"],
  ["one sentence", new Error("It is full."), "It is full"],
  ["what is no error", "no room. Go", "no room"],
])("describeFailure() is one sentence of %s", (_, error, expected) => {
  expect(describeFailure(error)).toBe(expected);
});
