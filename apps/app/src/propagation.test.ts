import { describe, expect, test } from "bun:test";
import { forwardHeaders, readRequestId } from "./propagation.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("forwardHeaders()", () => {
  test.each([
    ["nothing but the request id", {}, {}],
    ["the trace", { traceparent: TRACE }, { traceparent: TRACE }],
    ["no broken trace", { traceparent: `${TRACE}x` }, {}],
    ["the user type", { "user-type": "test-user" }, { "user-type": "test-user" }],
    ["no odd user type", { "user-type": "a b" }, {}],
    [
      "of the cookies only the canary's",
      { cookie: "session=secret; hookline-version=v2; hookline-score=1-2" },
      { cookie: "hookline-version=v2" },
    ],
    ["no canary cookie of another value", { cookie: "hookline-version=v9" }, {}],
    ["no cookie whose name only ends alike", { cookie: "x-hookline-version=v1" }, {}],
    ["no credentials", { authorization: "Bearer x", "x-forwarded-for": "1.2.3.4" }, {}],
  ])("hands on %s", (_, given, expected) => {
    expect(forwardHeaders(new Headers(given), "id-1")).toEqual({
      "x-request-id": "id-1",
      ...expected,
    });
  });
});

describe("readRequestId()", () => {
  test("keeps the caller's", () => {
    expect(readRequestId(new Headers({ "x-request-id": "abc-1.2:3" }))).toBe("abc-1.2:3");
  });

  test.each([[undefined], [""], ["a b"], ["x".repeat(129)], ['"}{']])(
    "makes one for %j",
    (given) => {
      const headers = new Headers(given === undefined ? {} : { "x-request-id": given });
      expect(readRequestId(headers)).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    },
  );
});
