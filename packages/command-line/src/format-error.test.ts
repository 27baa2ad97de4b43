import { expect, test } from "bun:test";
import { formatError } from "./format-error.ts";

const ERROR = { code: "NO_FILE", message: 'Cannot read "\u001b[2J": it is not there' };

test("formatError() is the message, which no terminal obeys", () => {
  expect(formatError(ERROR, { json: false })).toBe('Cannot read "\\u001b[2J": it is not there');
});

test("formatError() is JSON where JSON was asked for, and nothing else of the error", () => {
  const text = formatError({ ...ERROR, ...{ stack: "at x" } }, { json: true });
  expect(text).not.toContain("\u001b");
  expect(JSON.parse(text)).toEqual({ error: ERROR });
});
