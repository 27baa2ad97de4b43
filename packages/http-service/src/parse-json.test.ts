import { expect, test } from "bun:test";
import { parseJson } from "./parse-json.ts";

test("parseJson() gives what the text says", () => {
  expect(parseJson('{"url":"a"}')).toEqual({ url: "a" });
});

test.each([
  ["no text", "", "The body is missing"],
  ["broken text", '{"url":', "The body is not JSON"],
  ["nesting without end", "[".repeat(500_000), "The body is not JSON"],
])("parseJson() refuses %s", (_, text, message) => {
  expect(() => parseJson(text)).toThrow(
    expect.objectContaining({ name: "ServiceError", code: "MALFORMED", message }),
  );
});
