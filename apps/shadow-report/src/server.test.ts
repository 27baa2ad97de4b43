import { afterEach, expect, test } from "bun:test";
import { resolve } from "node:path";
import { runServer, startServer, stopServers } from "@hookline/http-service/testing";
import { makeReport } from "./testing/make-report.ts";

const SERVER = resolve(import.meta.dirname, "server.ts");

afterEach(stopServers);

test("server.ts takes reports, measures, pairs unasked, and ends cleanly on SIGTERM", async () => {
  const { server, url, metrics, readLog } = await startServer(SERVER, { PAIR_WAIT_MS: "100" });
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
  expect((await readLog()).at(-1)).toMatchObject({ event: "stopped", clean: true });
}, 120_000);

test.each([
  ["a wrong port", { PORT: "eighty" }, 'PORT is "eighty" but must be a whole number'],
  ["limits swapped", { NEW_WARNINGS_TOLERATED: "0.5" }, "must be below NEW_WARNINGS_INTOLERABLE"],
])(
  "server.ts does not start with %s and says why",
  async (_, environment, message) => {
    const { code, errors } = await runServer(SERVER, environment);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain("    at ");
  },
  120_000,
);
