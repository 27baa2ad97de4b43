import { afterAll, expect, test } from "bun:test";
import { askLimiter } from "./ask-limiter.ts";

let asked: unknown;
let answer: Response | Promise<Response> = Response.json({});
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    asked = await request.json();
    return answer;
  },
});
afterAll(() => server.stop(true));
const url = server.url.origin;

const call = { domain: "web", descriptors: [[["user", "one"] as const]], timeoutMs: 1000 };

test("askLimiter() sends what the limiter's JSON endpoint takes, and reads what it gives", async () => {
  answer = Response.json({
    overallCode: "OVER_LIMIT",
    statuses: [
      {
        code: "OVER_LIMIT",
        currentLimit: { requestsPerUnit: 10, unit: "MINUTE" },
        durationUntilReset: "17s",
      },
      { code: "OK" },
    ],
  });
  expect(await askLimiter(url, call)).toEqual({
    overall: "OVER_LIMIT",
    statuses: [
      {
        code: "OVER_LIMIT",
        limit: { requestsPerUnit: 10, unit: "minute", name: "" },
        remaining: 0,
        resetSeconds: 17,
      },
      { code: "OK", remaining: 0, resetSeconds: 0 },
    ],
    headers: [
      ["x-ratelimit-limit", "10, 10;w=60"],
      ["x-ratelimit-remaining", "0"],
      ["x-ratelimit-reset", "17"],
    ],
  });
  expect(asked).toEqual({
    domain: "web",
    descriptors: [{ entries: [{ key: "user", value: "one" }] }],
  });
});

test.each([
  ["is not one", () => Response.json({ overallCode: "MAYBE", statuses: [] })],
  ["does not come in time", () => new Promise<Response>(() => {})],
])("askLimiter() throws when the answer %s", async (_, make) => {
  answer = make();
  const result = await askLimiter(url, { ...call, timeoutMs: 50 }).then(
    () => "answered",
    () => "threw",
  );
  expect(result).toBe("threw");
});
