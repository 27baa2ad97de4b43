import { afterEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { stopServers } from "@hookline/http-service/testing";
import { runService, startService } from "./testing/start-service.ts";

afterEach(stopServers);

const INIT = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ url: "http://paypal-login.example.net/verify?id=1" }),
};

test("server.ts answers, measures, and ends cleanly on SIGTERM with what runs", async () => {
  const { server, url, metrics, readLog } = await startService({ DRAIN_DELAY_MS: "50" });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const answer = await fetch(`${url}/predict`, INIT);
  expect(await answer.json()).toMatchObject({ model: { name: "linear", version: "1.0.0" } });
  expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ revision: "0123abc" });
  const text = await (await fetch(`${metrics}/metrics`)).text();
  expect(text).toContain('requests_to_model_total{version="v1",mirrored="false"} 1');
  expect(text).toContain("process_resident_memory_bytes");
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  // Only in a process of its own no test has given zod its words.
  const refused = await fetch(`${url}/predict`, { ...INIT, body: '{"url":1}' });
  expect(await refused.text()).toContain("expected string, received number");
  expect((await fetch(`${metrics}/predict`, INIT)).status).toBe(404);
  expect((await fetch(`${metrics}/metrics`, INIT)).status).toBe(405);

  // A stream whose body ends only after the signal.
  const body = Promise.withResolvers<void>();
  const stream = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('"a.example"\n'));
      await body.promise;
      controller.enqueue(new TextEncoder().encode('"b.example"\n'));
      controller.close();
    },
  });
  const headers = { "content-type": "application/x-ndjson" };
  const batch = await fetch(`${url}/predict/batch`, { method: "POST", headers, body: stream });
  server.kill("SIGTERM");
  // Until the drain has begun the service is ready; then it says so, and answers all the same.
  while ((await fetch(`${url}/readyz`)).status !== 503) {}
  body.resolve();
  expect((await batch.text()).trimEnd().split("\n")).toHaveLength(2);
  expect(await server.exited).toBe(0);
  expect((await readLog()).at(-1)).toMatchObject({ event: "stopped", clean: true });
}, 120_000);

test("server.ts reports the last predictions while it drains, and answers though the report hangs", async () => {
  const bodies: string[] = [];
  const hang = Promise.withResolvers<Response>();
  const report = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      bodies.push(await request.text());
      return bodies.length === 1 ? hang.promise : new Response(null, { status: 202 });
    },
  });
  const { server, url } = await startService({
    SHADOW_REPORT_URL: report.url.origin,
    DRAIN_DELAY_MS: "0",
  });
  const ask = async (id: string) => {
    const headers = { ...INIT.headers, "x-request-id": id };
    return (await fetch(`${url}/predict`, { ...INIT, headers })).status;
  };
  expect(await ask("first")).toBe(200);
  while (bodies.length === 0) {
    await new Promise(setImmediate);
  }
  expect(await ask("second")).toBe(200);
  hang.resolve(new Response(null, { status: 202 }));
  server.kill("SIGTERM");
  expect(await server.exited).toBe(0);
  expect(bodies.map((body) => JSON.parse(body).reports)).toMatchObject([
    [{ requestId: "first", role: "live", url: "paypal-login.example.net/verify?…" }],
    [{ requestId: "second" }],
  ]);
  await report.stop(true);
}, 120_000);

test("server.ts ends within its time though a caller never does", async () => {
  const { server, url, readLog } = await startService({
    DRAIN_DELAY_MS: "0",
    DRAIN_TIMEOUT_MS: "100",
    BODY_TIMEOUT_MS: "240000",
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  const begun = Promise.withResolvers<void>();
  socket.on("data", () => begun.resolve());
  const head = "POST /predict/batch HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n";
  socket.write(`${head}content-type: application/x-ndjson\r\n\r\n4\r\n"a"\n\r\n`);
  await begun.promise;
  server.kill("SIGTERM");
  expect(await server.exited).toBe(0);
  expect((await readLog()).at(-1)).toMatchObject({ event: "stopped", clean: false });
  socket.destroy();
}, 120_000);

test("server.ts answers 413 and 408 over a real connection, and goes on", async () => {
  const { server, url } = await startService({ BODY_TIMEOUT_MS: "100" });
  const { hostname, port } = new URL(url);
  const send = (head: string) =>
    new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => socket.write(head));
      socket.on("data", (data) => {
        text += data;
      });
      socket.on("close", () => resolve(text));
      socket.on("error", () => undefined);
    });
  const start = "POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
  expect(await send(`${start}content-length: 10000000\r\n\r\n${"x".repeat(100_000)}`)).toMatch(
    /^HTTP\/1.1 413 [\s\S]*"TOO_LARGE"/,
  );
  expect(await send(`${start}content-length: 100\r\n\r\n{"url"`)).toMatch(
    /^HTTP\/1.1 408 [\s\S]*"SLOW_BODY"/,
  );
  expect(await send("NOT HTTP\r\n\r\n")).toStartWith("HTTP/1.1 400");
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  server.kill("SIGTERM");
  expect(await server.exited).toBe(0);
}, 120_000);

test.each([
  ["a wrong port", { PORT: "eighty" }, 'PORT is "eighty" but must be a whole number'],
  ["a missing brand list", { BRAND_RULES: "on", BRANDS_FILE: "/nowhere" }, 'brands in "/nowhere"'],
  ["a missing model", { MODEL_DIR: "/nowhere" }, 'Cannot load the model in "/nowhere"'],
])(
  "server.ts does not start with %s and says why",
  async (_, environment, message) => {
    const { code, errors } = await runService(environment);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain("    at ");
  },
  120_000,
);

test("server.ts leaves ONNX Runtime nothing to report", async () => {
  const { server, url } = await startService();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  // The reporter keeps a log of this name as long as its process and longer.
  expect(existsSync(`/tmp/mat-debug-${server.pid}.log`)).toBe(false);
}, 120_000);
