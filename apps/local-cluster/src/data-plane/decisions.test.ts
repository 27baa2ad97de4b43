import { afterEach, describe, expect, test } from "bun:test";
import type { Decision } from "@hookline/mesh";
import { buildDirect, buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

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
    ["a direct answer", buildDirect(418, "tea"), 418, "tea", TEXT, "-"],
    ["a direct answer without a body", buildDirect(404), 404, "", null, "-"],
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
        return buildDirect(200, "fine");
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

  // Envoy 1.38, which Istio 1.30 has (istio/test-infra#5903); from 1.39 on it looks at each by itself, which
  // match_headers_individually takes back (envoyproxy/envoy#44819).
  test("headers of one name are one value to a route, joined by a comma, cookies too", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const seen: unknown[] = [];
    const { port } = await startPlane({
      backends: [backend.port],
      decide: (request) => {
        seen.push([request.header("cookie"), request.header("x-a")]);
        return buildForward("app");
      },
    });
    const client = await RawClient.connect(port);
    client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nX-A: 1\r\nCookie: b=2\r\nX-A: 2\r\n\r\n",
    );
    await client.waitFor("\r\n\r\nok");
    expect(seen).toEqual([["a=1,b=2", "1,2"]]);
    expect(backend.connections[0]?.received).toMatch(/cookie: a=1\r\n.*cookie: b=2\r\n/s);
  });

  test("an answer for a page of another origin says so", async () => {
    const cors = { origin: "https://a.test", exposeHeaders: ["x-b"], allowCredentials: true };
    const backend = startRawBackend((one) => one.send(OK));
    const { url } = await startPlane({
      backends: [backend.port],
      decide: () => buildForward("app", { cors }),
    });
    const { headers } = await fetch(url, { headers: { origin: "https://a.test" } });
    expect([
      headers.get("access-control-allow-origin"),
      headers.get("access-control-allow-credentials"),
      headers.get("access-control-expose-headers"),
    ]).toEqual(["https://a.test", "true", "x-b"]);
  });
});
