import { describe, expect, test } from "bun:test";
import { buildRouter, decide, tell } from "./testing/build-mesh.ts";

const ONE = "destination: { host: one }";

describe("a corsPolicy", () => {
  const router = buildRouter(
    `[{ route: [{ ${ONE} }], corsPolicy: { allowOrigins: [{ exact: "https://a.test" }], exposeHeaders: [x-b], allowCredentials: true } }]`,
  );
  const from = (origin: string, more: Readonly<Record<string, string>> = {}) => ({
    origin,
    ...more,
  });
  const ask = { "access-control-request-method": "GET" };

  test.each([
    ["OPTIONS", from("https://a.test", ask), "200"],
    ["OPTIONS", from("https://b.test", ask), "one:80"],
    ["OPTIONS", from("https://a.test"), "one:80"],
    ["GET", from("https://a.test", ask), "one:80"],
  ])("%s with %j: %s", (method, headers, expected) => {
    expect(tell(decide(router, { method, headers }))).toBe(expected);
  });

  test("tells what the answer says to a browser", () => {
    const cors = { origin: "https://a.test", exposeHeaders: ["x-b"], allowCredentials: true };
    expect(decide(router, { headers: from("https://a.test") })).toMatchObject({ cors });
    expect(decide(router, { headers: from("https://b.test") })).not.toHaveProperty("cors");
  });
});
