import { expect, test } from "bun:test";
import { parseListening } from "./program.ts";

test.each([
  ['{"event":"listening","url":"http://127.0.0.1:1"}', "http://127.0.0.1:1"],
  ['{"event":"request","url":"http://evil.example"}', undefined],
  ['{"event":"listening"}', undefined],
  ["{ not json", undefined],
  ["listening on 8080", undefined],
])("parseListening() of %s", (line, expected) => {
  expect(parseListening(line)).toBe(expected);
});
