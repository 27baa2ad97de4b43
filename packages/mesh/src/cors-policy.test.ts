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
    ["OPTIONS", ask, "one:80"],
    ["GET", from("https://a.test", ask), "one:80"],
  ])("%s with %j: %s", (method, headers, expected) => {
    expect(tell(decide(router, { method, headers }))).toBe(expected);
  });

  const open = "allowOrigins: [{ regex: '.*' }]";
  const asked = { ...ask, "access-control-request-headers": "x-c" };
  test.each([
    [open, from("https://b.test", ask), { origin: "https://b.test" }],
    // A match that takes a star takes every origin.
    ["allowOrigins: [{ exact: x }, { exact: '*' }]", from("b", ask), { origin: "b" }],
    ["allowOrigins: [{ exact: x }], unmatchedPreflights: IGNORE", from("b", ask), {}],
    [
      `${open}, allowMethods: [GET, PUT], allowHeaders: [x-a, x-b], allowCredentials: true`,
      from("b", asked),
      { origin: "b", credentials: "true", methods: "GET,PUT", headers: "x-a,x-b" },
    ],
    // A star stands for what was asked, which may be nothing.
    [
      `${open}, allowMethods: ["*"], allowHeaders: ["*"], allowCredentials: false`,
      from("b", asked),
      { origin: "b", methods: "GET", headers: "x-c" },
    ],
    [`${open}, allowHeaders: ["*"]`, from("b", ask), { origin: "b", headers: "" }],
    [
      `${open}, exposeHeaders: [x-d], maxAge: 90s`,
      from("b", ask),
      { origin: "b", "expose-headers": "x-d", "max-age": "90" },
    ],
    ["allowOrigins: [], exposeHeaders: [x-d], unmatchedPreflights: IGNORE", from("b", ask), {}],
  ])("%s answers the preflight %j with %j", (policy, headers, expected) => {
    const http = `[{ route: [{ ${ONE} }], corsPolicy: { ${policy} } }]`;
    const decision = decide(buildRouter(http), { method: "OPTIONS", headers });
    const set = decision.kind === "direct" ? decision.response.set : [];
    const names = set.map(([name, value]) => [
      name.replace(/^access-control-(allow-)?/, ""),
      value,
    ]);
    expect(decision).toMatchObject({ kind: "direct", status: 200 });
    expect(Object.fromEntries(names)).toEqual(expected);
  });

  test("tells what the answer says to a browser", () => {
    const cors = { origin: "https://a.test", exposeHeaders: ["x-b"], allowCredentials: true };
    expect(decide(router, { headers: from("https://a.test") })).toMatchObject({ cors });
    expect(decide(router, { headers: from("https://b.test") })).not.toHaveProperty("cors");
    const open = buildRouter(
      `[{ route: [{ ${ONE} }], corsPolicy: { allowOrigins: [{ regex: ".*" }] } }]`,
    );
    expect(decide(open)).not.toHaveProperty("cors");
  });
});
