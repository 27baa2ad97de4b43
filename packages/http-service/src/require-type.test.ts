import { expect, test } from "bun:test";
import { requireType } from "./require-type.ts";

const WANTED = ["application/json", "application/x-ndjson"];

function ask(type: string, more: Readonly<Record<string, string>> = {}): Request {
  const headers = type === "" ? more : { ...more, "content-type": type };
  return new Request("http://a.example/", { headers });
}

test.each([
  ["application/json", "application/json"],
  ["application/x-ndjson", "application/x-ndjson"],
  ["Application/JSON ; charset=utf-8", "application/json"],
])("requireType() takes %p as %s", (given, type) => {
  expect(requireType(ask(given), WANTED)).toBe(type);
});

test.each(["", "text/plain", "application/json5", "text/plain; application/json"])(
  "requireType() refuses %p",
  (given) => {
    expect(() => requireType(ask(given), WANTED)).toThrow(
      expect.objectContaining({
        code: "WRONG_TYPE",
        message: "The content-type must be application/json or application/x-ndjson",
      }),
    );
  },
);

test("requireType() refuses a body that was packed, and takes one that says it was not", () => {
  const gzip = ask("application/json", { "content-encoding": "gzip" });
  expect(() => requireType(gzip, WANTED)).toThrow(
    expect.objectContaining({
      code: "WRONG_TYPE",
      message: "The body must be sent without content-encoding",
    }),
  );
  const plain = ask("application/json", { "content-encoding": "Identity" });
  expect(requireType(plain, WANTED)).toBe("application/json");
});
