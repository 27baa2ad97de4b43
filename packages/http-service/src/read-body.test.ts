import { describe, expect, test } from "bun:test";
import { readBody } from "./read-body.ts";

const TYPE = "application/json";
const LIMITS = { type: TYPE, mostBytes: 8, timeoutMs: 5_000 };

function request(body: string | ReadableStream | null, type = TYPE, length?: number): Request {
  const headers = new Headers(type === "" ? {} : { "content-type": type });
  if (length !== undefined) headers.set("content-length", String(length));
  return new Request("http://a.example/", { method: "POST", headers, body });
}

/** The bytes given, each in a chunk of its own; then silence, if it does not end. */
function stream(bytes: readonly number[], end: "ends" | "stalls" | "breaks"): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      if (end === "ends") controller.close();
      if (end === "breaks") controller.error(new Error("cut off"));
    },
  });
}

describe("readBody()", () => {
  test.each([
    ["text", request("[1]"), "[1]"],
    [
      "a type with parameters, in any case",
      request("[1]", "Application/JSON; charset=utf-8"),
      "[1]",
    ],
    ["no body as empty text", request(null), ""],
    ["exactly as much as is allowed", request("12345678", TYPE, 8), "12345678"],
    ["characters cut between chunks", request(stream([0xe2, 0x82, 0xac], "ends")), "€"],
  ])("reads %s", async (_, given, expected) => {
    expect(await readBody(given, LIMITS)).toBe(expected);
  });

  test.each([
    ["another type", request("x", "text/plain"), LIMITS, "WRONG_TYPE"],
    ["no type", request(stream([1], "ends"), ""), LIMITS, "WRONG_TYPE"],
    ["one byte too much", request("123456789"), LIMITS, "TOO_LARGE"],
    [
      "one byte too much by its header",
      request(stream([], "stalls"), TYPE, 9),
      LIMITS,
      "TOO_LARGE",
    ],
    [
      "one byte too much in a stream that goes on",
      request(stream(Array(9).fill(49), "stalls")),
      LIMITS,
      "TOO_LARGE",
    ],
    [
      "a body that stalls",
      request(stream([49], "stalls")),
      { ...LIMITS, timeoutMs: 20 },
      "SLOW_BODY",
    ],
    ["a body that is cut off", request(stream([49], "breaks")), LIMITS, "MALFORMED"],
    ["bytes that are no UTF-8", request(stream([0xff], "ends")), LIMITS, "MALFORMED"],
    ["half a character at the end", request(stream([0xe2, 0x82], "ends")), LIMITS, "MALFORMED"],
  ])("refuses %s", async (_, given, limits, code) => {
    expect(await readBody(given, limits).catch((error) => error)).toMatchObject({
      name: "ServiceError",
      code,
    });
  });
});
