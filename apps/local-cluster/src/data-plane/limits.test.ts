import { afterEach, describe, expect, test } from "bun:test";
import type { LimitCall, Router } from "@hookline/mesh";
import type { LimiterAnswer } from "./limits.ts";
import { buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const CALL: LimitCall = {
  domain: "hookline",
  descriptors: [[["authorization", "me"]]],
  timeoutMs: 60,
  failureModeDeny: false,
  xRateLimitHeaders: true,
  responseHeadersToAdd: [
    { name: "Retry-After", value: "60", action: "OVERWRITE_IF_EXISTS_OR_ADD" },
  ],
  cluster: "ratelimit:8081",
  status: 429,
  limitedHeader: true,
  statusOnError: 500,
};
const HEADERS: LimiterAnswer["headers"] = [
  ["x-ratelimit-limit", "10, 10;w=60"],
  ["x-ratelimit-remaining", "0"],
  ["x-ratelimit-reset", "30"],
];
const judge = (code: "OK" | "OVER_LIMIT"): LimiterAnswer => ({
  overall: code,
  statuses: [
    {
      code,
      limit: { requestsPerUnit: 10, unit: "MINUTE" },
      remaining: 0,
      resetSeconds: 30,
      rule: "authorization",
    },
  ],
  headers: HEADERS,
});

describe("limits", () => {
  const start = (
    limiter: () => LimiterAnswer | Promise<LimiterAnswer>,
    changes: Partial<LimitCall> = {},
  ) => {
    const backend = startRawBackend((one) => one.send(OK));
    const decide = () => buildForward("app", { limits: { ...CALL, ...changes } });
    return startPlane({ backends: [backend.port], decide, limiter, reply });
  };
  /** As a local_reply_config would have it: by what the request accepts, with what the answer has. */
  const reply: Router["reply"] = ({ status, flag, headers, request }) => ({
    status,
    body:
      flag === "RL"
        ? {
            contentType: "application/json",
            text: `${request.header("accept")} ${headers.find(([name]) => name === "x-ratelimit-reset")?.[1]}`,
          }
        : undefined,
    headers: [{ name: "Cache-Control", value: "no-store", action: "OVERWRITE_IF_EXISTS_OR_ADD" }],
  });

  test.each([
    ["at once", () => judge("OVER_LIMIT")],
    ["later", async () => await Promise.resolve(judge("OVER_LIMIT"))],
  ])("a limiter that refuses %s: 429, with all that a client needs", async (_, limiter) => {
    const { url, lines, plane } = await start(limiter);
    const answer = await fetch(url, { method: "POST", body: "dropped", headers: { accept: "me" } });
    expect([answer.status, await answer.text()]).toEqual([429, "me 30"]);
    const { headers } = answer;
    const names = [
      "cache-control",
      "content-type",
      "retry-after",
      "x-envoy-ratelimited",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset",
    ];
    expect(names.map((name) => headers.get(name))).toEqual([
      "no-store",
      "application/json",
      "60",
      "true",
      "10, 10;w=60",
      "0",
      "30",
    ]);
    expect(lines.map((line) => [line.response_flags, line.upstream_host])).toEqual([
      ["RL", undefined],
    ]);
    const { limits, limiter: counts, splits } = plane.snapshot();
    expect(counts).toEqual({ ok: 0, overLimit: 1, errors: 0 });
    expect(splits).toMatchObject([{ version: "refused by the limiter", requests: 1, failed: 0 }]);
    expect(
      limits.map(({ descriptor, rule, remaining, code }) => ({
        descriptor,
        rule,
        remaining,
        code,
      })),
    ).toEqual([
      { descriptor: "authorization=me", rule: "authorization", remaining: 0, code: "OVER_LIMIT" },
    ]);
  });

  test("a limiter that passes: its numbers are on the answer, and nothing else", async () => {
    const { url } = await start(() => judge("OK"));
    const { status, headers } = await fetch(url);
    expect([
      status,
      headers.get("x-ratelimit-limit"),
      headers.get("retry-after"),
      headers.get("x-envoy-ratelimited"),
    ]).toEqual([200, "10, 10;w=60", null, null]);
  });

  test("without x-ratelimit-* when they are not wanted", async () => {
    const { url } = await start(() => judge("OVER_LIMIT"), { xRateLimitHeaders: false });
    const { status, headers } = await fetch(url);
    expect([status, headers.get("x-ratelimit-limit")]).toEqual([429, null]);
  });

  const FAILURES: readonly [string, () => LimiterAnswer | Promise<LimiterAnswer>][] = [
    [
      "throws",
      () => {
        throw new TypeError("no limiter");
      },
    ],
    ["fails later", () => Promise.reject(new TypeError("no limiter"))],
    ["does not answer in time", () => new Promise<LimiterAnswer>(() => {})],
  ];
  test.each(FAILURES)("a limiter that %s lets all in, or none", async (_, limiter) => {
    const open = await start(limiter);
    expect((await fetch(open.url)).status).toBe(200);
    const shut = await start(limiter, { failureModeDeny: true });
    const answer = await fetch(shut.url);
    expect([answer.status, await answer.text()]).toEqual([500, ""]);
    expect(shut.lines.map((line) => line.response_flags)).toEqual(["RLSE"]);
    expect(shut.plane.snapshot().splits).toMatchObject([{ version: "no pod", failed: 1 }]);
    expect(open.plane.snapshot().limiter.errors).toBe(1);
    expect(open.plane.metrics()).toContain("envoy_cluster_ratelimit_failure_mode_allowed 1\n");
  });
});
