import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { resolve } from "node:path";
import { runServer, startServer, stopServers } from "@hookline/http-service/testing";
import { SAMPLE_URLS, startFakeModelService } from "./fake-model-service.ts";
import { formRequest } from "./testing.ts";

const SERVER = resolve(import.meta.dirname, "server.ts");
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  stopServers();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const ask = () => formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" });

describe("server.ts", () => {
  test("serves the page on one port and the metrics on the other", async () => {
    const model = startFakeModelService();
    cleanups.push(model.stop);
    const { url, metrics } = await startServer(SERVER, { MODEL_URL: model.url, VARIANT: "v2" });
    const page = await fetch(url, ask());
    expect(page.headers.get("x-app-version")).toBe("v2");
    expect(await page.text()).toContain("<title>Phishing · Hookline</title>");
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    const scraped = await fetch(`${metrics}/metrics`);
    expect(scraped.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await scraped.text()).toContain('model_requests_total{version="v2"} 1\n');
    expect((await fetch(metrics)).status).toBe(404);
  }, 120_000);

  test("answers Unknown within a second while nobody listens at MODEL_URL, and when it hangs", async () => {
    const hanging = startFakeModelService(() => new Promise(() => {}));
    cleanups.push(hanging.stop);
    for (const [modelUrl, reason] of [
      ["http://127.0.0.1:1", "The model service could not be reached."],
      [hanging.url, "The model service did not answer within 0.9 seconds."],
    ] as const) {
      const { url } = await startServer(SERVER, { MODEL_URL: modelUrl });
      const response = await fetch(url, ask());
      expect(response.status).toBe(200);
      const page = await response.text();
      expect(page).toContain("<title>Unknown · Hookline</title>");
      expect(page).toContain(reason);
    }
  }, 120_000);

  test("answers what is under way at SIGTERM, takes nothing new, and ends with 0", async () => {
    const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<Response>();
    const model = startFakeModelService(() => {
      arrived();
      return released;
    });
    cleanups.push(model.stop);
    const { url, server, readLog } = await startServer(SERVER, {
      MODEL_URL: model.url,
      MODEL_TIMEOUT_MS: "950",
    });
    const answer = fetch(url, ask());
    await asked;
    server.kill("SIGTERM");
    await waitUntilRefused(url);
    release(new Response("", { status: 503 }));
    expect(await (await answer).text()).toContain("<title>Unknown · Hookline</title>");
    expect(await server.exited).toBe(0);
    expect((await readLog()).map(({ event }) => event)).toEqual([
      "draining",
      "model-unknown",
      "stopped",
    ]);
  }, 120_000);

  test("ends with 0 at SIGTERM although a visitor stopped within a request", async () => {
    const { url, server, readLog } = await startServer(SERVER, { DRAIN_DELAY_MS: "0" });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write("GET / HTTP/1.1\r\nHo"));
    socket.on("error", () => {});
    // The server reads in order of arrival: when it has answered this, it has the half request too.
    await new Promise((resolve) => socket.once("connect", resolve));
    await fetch(`${url}/healthz`);
    server.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect((await readLog()).at(-1)).toMatchObject({ event: "stopped" });
    socket.destroy();
  }, 120_000);

  test.each([
    [{ VARIANT: "v3" }, 'VARIANT is "v3" but must be one of v1, v2\n'],
    [{ HOST: "203.0.113.7" }, "Cannot listen on 203.0.113.7:0: "],
  ])(
    "does not start with %j, and says why in one line",
    async (environment, message) => {
      const { code, errors } = await runServer(SERVER, environment);
      expect(code).toBe(1);
      expect(errors).toContain(message);
      expect(errors.trim().split("\n").length).toBe(1);
    },
    120_000,
  );
});

/** Asks on fresh connections until one is refused: the socket is closed to new visitors. */
async function waitUntilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(`${url}/readyz`, { headers: { connection: "close" } });
    } catch {
      return;
    }
  }
}
