import { afterEach, describe, expect, test } from "bun:test";
import type { Decision, LimitCall } from "@hookline/mesh";
import type { LimiterAnswer } from "./limits.ts";
import { buildDestination, buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { until } from "./testing/raw-client.ts";
import { buildEndpoint, startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const NO_OPS = { set: [], add: [], remove: [] };
const ROUTE = { index: 0, route: "r" };
const TEXT = "text/plain";

describe("what no pod answers", () => {
  test.each<[string, Decision, number, string, string | null, string]>([
    [
      "a direct answer",
      {
        kind: "direct",
        route: ROUTE,
        status: 418,
        body: "tea",
        response: NO_OPS,
        limits: undefined,
      },
      418,
      "tea",
      TEXT,
      "-",
    ],
    [
      "a direct answer without a body",
      {
        kind: "direct",
        route: ROUTE,
        status: 404,
        body: undefined,
        response: NO_OPS,
        limits: undefined,
      },
      404,
      "",
      null,
      "-",
    ],
    [
      "a refusal",
      { kind: "denied", status: 403, policy: "AuthorizationPolicy/a/b" },
      403,
      "RBAC: access denied",
      TEXT,
      "-",
    ],
    [
      "no route",
      { kind: "none", status: 404, reason: "no route", flag: "NR", limits: undefined },
      404,
      "",
      null,
      "NR",
    ],
    [
      "no cluster",
      { kind: "none", status: 503, reason: "no cluster", flag: "NC", limits: undefined },
      503,
      "",
      null,
      "NC",
    ],
    ["no pod", buildForward("app"), 503, "no healthy upstream", TEXT, "UH"],
    ["a Service that is not there", buildForward("gone"), 503, "no healthy upstream", TEXT, "UH"],
    [
      "a fault",
      buildForward("app", { fault: { abortStatus: 555 } }),
      555,
      "fault filter abort",
      TEXT,
      "FI",
    ],
  ])("%s", async (_, decision, status, body, type, flag) => {
    const { url, lines } = await startPlane({ decide: () => decision });
    const answer = await fetch(url);
    expect([answer.status, await answer.text(), answer.headers.get("content-type")]).toEqual([
      status,
      body,
      type,
    ]);
    expect(answer.headers.get("server")).toBe("hookline-gateway");
    expect(lines.map((line) => line.response_flags)).toEqual([flag]);
  });

  test("a router that fails: the log says why, and the next request is answered", async () => {
    let isBroken = true;
    const { url, lines, plane } = await startPlane({
      decide: () => {
        if (isBroken) throw new TypeError("of the mesh");
        return {
          kind: "direct",
          route: ROUTE,
          status: 200,
          body: "fine",
          response: NO_OPS,
          limits: undefined,
        };
      },
    });
    expect((await fetch(url)).status).toBe(503);
    expect(lines[0]?.response_code_details).toBe("router_failed{of the mesh}");
    isBroken = false;
    expect(await (await fetch(url)).text()).toBe("fine");
    expect(plane.snapshot().underWay).toBe(0);
  });

  test("a redirect", async () => {
    const decide = (): Decision => ({
      kind: "redirect",
      route: ROUTE,
      status: 301,
      location: "https://x.test/y",
      response: { ...NO_OPS, set: [["x-a", "1"]] },
      limits: undefined,
    });
    const { url } = await startPlane({ decide });
    const { status, headers } = await fetch(url, { redirect: "manual" });
    expect([status, headers.get("location"), headers.get("x-a")]).toEqual([
      301,
      "https://x.test/y",
      "1",
    ]);
  });

  test("a delay comes before the pod is asked", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const decide = () => buildForward("app", { fault: { delayMs: 80 } });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    const start = performance.now();
    expect((await fetch(url, { method: "POST", body: "kept meanwhile" })).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(79);
    expect(backend.connections[0]?.received).toEndWith("kept meanwhile");
    expect(lines[0]?.response_flags).toBe("DI");
  });

  test("a browser's preflight; its real request gets the headers as well", async () => {
    const cors = {
      origin: "https://a.test",
      allowMethods: ["GET", "PUT"],
      allowHeaders: ["x-a"],
      exposeHeaders: ["x-b"],
      maxAgeSeconds: 60,
      allowCredentials: true,
    };
    const backend = startRawBackend((one) => one.send(OK));
    const { url } = await startPlane({
      backends: [backend.port],
      decide: () => buildForward("app", { cors }),
    });
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://a.test", "access-control-request-method": "PUT" },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET,PUT");
    expect(preflight.headers.get("access-control-max-age")).toBe("60");
    expect(backend.connections.length).toBe(0);
    const { headers } = await fetch(url, { headers: { origin: "https://a.test" } });
    expect([
      headers.get("access-control-allow-origin"),
      headers.get("access-control-allow-credentials"),
      headers.get("access-control-expose-headers"),
    ]).toEqual(["https://a.test", "true", "x-b"]);
  });
});

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
  limitedBody: { contentType: "application/json", text: '{"error":{"code":"limited"}}\n' },
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
    return startPlane({ backends: [backend.port], decide, limiter });
  };

  test.each([
    ["at once", () => judge("OVER_LIMIT")],
    ["later", async () => await Promise.resolve(judge("OVER_LIMIT"))],
  ])("a limiter that refuses %s: 429, with all that a client needs", async (_, limiter) => {
    const { url, lines, plane } = await start(limiter);
    const answer = await fetch(url, { method: "POST", body: "dropped" });
    expect([answer.status, await answer.text()]).toEqual([429, '{"error":{"code":"limited"}}\n']);
    const { headers } = answer;
    const names = [
      "content-type",
      "retry-after",
      "x-envoy-ratelimited",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset",
    ];
    expect(names.map((name) => headers.get(name))).toEqual([
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
    const { limits, limiter: counts } = plane.snapshot();
    expect(counts).toEqual({ ok: 0, overLimit: 1, errors: 0 });
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
    expect(open.plane.snapshot().limiter.errors).toBe(1);
    expect(open.plane.metrics()).toContain("envoy_cluster_ratelimit_failure_mode_allowed 1\n");
  });
});

describe("a mirror", () => {
  const mirrors = [{ destination: buildDestination("other"), percent: 100 }];
  const start = (mirror: number, live: number, timeoutMs?: number) =>
    startPlane({
      endpoints: [
        buildEndpoint(live),
        buildEndpoint(mirror, {
          pod: "other-1",
          labels: { app: "other" },
          workload: "other",
          version: "v2",
        }),
      ],
      decide: () => buildForward("app", { mirrors, timeoutMs }),
    });

  test("gets the same request, with -shadow at its host", async () => {
    const live = startRawBackend((one) => one.send(OK));
    const copy = startRawBackend((one) =>
      one.send("HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nbroken"),
    );
    const { url, plane } = await start(copy.port, live.port);
    const answer = await fetch(`${url}/a?b`, {
      method: "POST",
      body: "the body",
      headers: { host: "app.test:8080" },
    });
    expect([answer.status, await answer.text()]).toEqual([200, "ok"]);
    await until(() => plane.snapshot().mirrors[0]?.failed === 1, "the copy's answer");
    const [one, other] = [live.connections[0]?.received ?? "", copy.connections[0]?.received ?? ""];
    expect(other).toBe(one.replace("host: app.test:8080", "host: app.test-shadow:8080"));
    expect(other).toStartWith("POST /a?b HTTP/1.1\r\n");
    expect(other).toEndWith("\r\n\r\nthe body");
    expect(plane.snapshot().mirrors).toEqual([
      { service: "other", version: "v2", sent: 1, failed: 1, dropped: 0 },
    ]);
    // Told by its destination only, as Istio does.
    const rows = plane
      .metrics()
      .split("\n")
      .filter(
        (line) =>
          line.startsWith("istio_requests_total") && line.includes('destination_workload="other"'),
      );
    expect(rows.length).toBe(1);
    expect(rows[0]).toContain('reporter="destination"');
  });

  test.each<[string, (port: number) => number]>([
    ["hangs", () => startRawBackend(() => {}).port],
    ["resets", () => startRawBackend((one) => one.reset()).port],
    ["sends garbage", () => startRawBackend((one) => one.send("\0\0\r\n\r\n")).port],
    [
      "is not there",
      () => {
        const gone = startRawBackend(() => {});
        gone.stop();
        return gone.port;
      },
    ],
  ])("that %s changes nothing for the client", async (_, begin) => {
    const live = startRawBackend((one) => one.send(OK));
    const { url, plane } = await start(begin(0), live.port, 300);
    for (let i = 0; i < 5; i += 1) expect(await (await fetch(url)).text()).toBe("ok");
    await until(() => plane.snapshot().mirrors[0]?.failed === 5, "five failed copies");
  });

  test("of a body over 1 MiB is left out; the live request is not", async () => {
    let liveBytes = 0;
    const live = startRawBackend((one, text) => {
      liveBytes += text.length;
      if (liveBytes > 1_300_000) one.send(OK);
    });
    const copy = startRawBackend((one) => one.send(OK));
    const { url, plane } = await start(copy.port, live.port);
    expect((await fetch(url, { method: "POST", body: new Uint8Array(1_300_000) })).status).toBe(
      200,
    );
    expect(plane.snapshot().mirrors).toEqual([
      { service: "other", version: "v2", sent: 0, failed: 0, dropped: 1 },
    ]);
    expect(copy.connections.length).toBe(0);
  });
});
