import { afterEach, expect, test } from "bun:test";
import { makeReport } from "./testing/make-report.ts";
import { startServer, stopServers } from "./testing/start-server.ts";

afterEach(stopServers);

test("server.ts takes reports, measures, pairs unasked, and ends cleanly on SIGTERM", async () => {
  const { server, listening, readOutput } = await startServer({ PAIR_WAIT_MS: "100" });
  const { url, metrics } = listening ?? { url: "", metrics: "" };
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ revision: "0123abc" });
  const reports = [makeReport({ role: "live" }), makeReport({ role: "mirror" })];
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ reports }) };
  expect((await fetch(`${url}/reports`, init)).status).toBe(202);
  // Prometheus alone asks, and asking it settles nothing but through the summary.
  let text = "";
  while (!text.includes('shadow_requests_total{outcome="paired"} 1')) {
    text = await (await fetch(`${metrics}/metrics`)).text();
  }
  expect(text).toContain("process_resident_memory_bytes");
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`${metrics}/api/report`)).status).toBe(404);
  const huge = { ...init, body: "x".repeat(3_000_000) };
  expect((await fetch(`${url}/reports`, huge)).status).toBe(413);
  server.kill("SIGTERM");
  while ((await fetch(`${url}/readyz`)).status !== 503) {}
  expect(await server.exited).toBe(0);
  expect(await readOutput()).toContain('"event":"stopped","clean":true');
}, 20_000);

test.each([
  ["a wrong port", { PORT: "eighty" }, 'PORT is "eighty" but must be a whole number'],
  ["limits swapped", { NEW_WARNINGS_TOLERATED: "0.5" }, "must be below NEW_WARNINGS_INTOLERABLE"],
])(
  "server.ts does not start with %s and says why",
  async (_, environment, message) => {
    const { server, listening, readErrors } = await startServer(environment);
    expect(listening).toBeUndefined();
    expect(await server.exited).toBe(1);
    const errors = await readErrors();
    expect(errors).toContain(message);
    expect(errors).not.toContain("    at ");
  },
  20_000,
);

test("server.ts names a port that is taken", async () => {
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { server, readErrors } = await startServer({ PORT: String(taken.port) });
  expect(await server.exited).toBe(1);
  expect(await readErrors()).toContain(
    `Cannot listen on port ${taken.port} of 127.0.0.1: set PORT`,
  );
  await taken.stop(true);
}, 20_000);
