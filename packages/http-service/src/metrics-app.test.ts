import { expect, test } from "bun:test";
import { Counter, Registry } from "prom-client";
import { createMetricsApp } from "./metrics-app.ts";
import { addProcessMetrics } from "./process-metrics.ts";

const registry = new Registry();
addProcessMetrics(registry);
const app = createMetricsApp(() => registry);

test("createMetricsApp() answers GET /metrics in the format of Prometheus", async () => {
  const response = await app.request("/metrics");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await response.text()).toContain("# TYPE process_cpu_seconds_total counter\n");
});

test("createMetricsApp() tells to HEAD the length that GET has", async () => {
  const still = new Registry();
  const { fetch: answer } = createMetricsApp(() => still);
  new Counter({ name: "things_total", help: "Things", registers: [still] });
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  const address = new URL("/metrics", server.url);
  const { length } = await (await fetch(address)).bytes();
  const { status, headers } = await fetch(address, { method: "HEAD" });
  expect([status, headers.get("content-length")]).toEqual([200, String(length)]);
  await server.stop(true);
});

test("createMetricsApp() refuses all else in JSON", async () => {
  const wrong = await app.request("/metrics", { method: "POST" });
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(await wrong.json()).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
  const missing = await app.request("/");
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
});
