import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { SAMPLE_URLS, startFakeModelService } from "./fake-model-service.ts";
import { formRequest } from "./testing.ts";

const SERVER = resolve(import.meta.dirname, "server.ts");
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Entry = Readonly<Record<string, string>>;

interface Started {
  readonly url: string;
  readonly metrics: string;
  readonly process: Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** What it logged after it began to listen; complete once it has ended. */
  readonly rest: Promise<Entry[]>;
}

function spawn(environment: Readonly<Record<string, string>>) {
  const child = Bun.spawn(["bun", SERVER], {
    // Bun reads JSX settings from the tsconfig of the folder it is started in: this one has none.
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"], PORT: "0", METRICS_PORT: "0", ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  cleanups.push(() => child.kill("SIGKILL"));
  return child;
}

async function start(environment: Readonly<Record<string, string>>): Promise<Started> {
  const child = spawn(environment);
  const entries = readEntries(child.stdout);
  const first = await entries.next();
  if (first.done)
    throw new Error(`server.ts did not start: ${await new Response(child.stderr).text()}`);
  expect(first.value["event"]).toBe("listening");
  const { url = "", metrics = "" } = first.value;
  return { url, metrics, process: child, rest: Array.fromAsync(entries) };
}

async function* readEntries(stream: ReadableStream<Uint8Array>): AsyncGenerator<Entry> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

const ask = () => formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" });

describe("server.ts", () => {
  test("serves the page on one port and the metrics on the other", async () => {
    const model = startFakeModelService();
    cleanups.push(model.stop);
    const { url, metrics } = await start({ MODEL_URL: model.url, VARIANT: "v2" });
    const page = await fetch(url, ask());
    expect(page.headers.get("x-app-version")).toBe("v2");
    expect(await page.text()).toContain("<title>Phishing · Hookline</title>");
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    const scraped = await fetch(`${metrics}/metrics`);
    expect(scraped.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await scraped.text()).toContain('model_requests_total{version="v2"} 1\n');
    expect((await fetch(metrics)).status).toBe(404);
  }, 20_000);

  test("answers Unknown within a second while nobody listens at MODEL_URL, and when it hangs", async () => {
    const hanging = startFakeModelService(() => new Promise(() => {}));
    cleanups.push(hanging.stop);
    for (const [modelUrl, reason] of [
      ["http://127.0.0.1:1", "The model service could not be reached."],
      [hanging.url, "The model service did not answer within 0.9 seconds."],
    ] as const) {
      const { url } = await start({ MODEL_URL: modelUrl });
      const response = await fetch(url, ask());
      expect(response.status).toBe(200);
      const page = await response.text();
      expect(page).toContain("<title>Unknown · Hookline</title>");
      expect(page).toContain(reason);
    }
  }, 20_000);

  test("answers what is under way at SIGTERM, takes nothing new, and ends with 0", async () => {
    const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<Response>();
    const model = startFakeModelService(() => {
      arrived();
      return released;
    });
    cleanups.push(model.stop);
    const { url, process, rest } = await start({ MODEL_URL: model.url, MODEL_TIMEOUT_MS: "950" });
    const answer = fetch(url, ask());
    await asked;
    process.kill("SIGTERM");
    await waitUntilRefused(url);
    release(new Response("", { status: 503 }));
    expect(await (await answer).text()).toContain("<title>Unknown · Hookline</title>");
    expect(await process.exited).toBe(0);
    expect((await rest).map(({ event }) => event)).toEqual([
      "draining",
      "model-unknown",
      "stopped",
    ]);
  }, 20_000);

  test("ends with 0 at SIGTERM although a visitor stopped within a request", async () => {
    const { url, process, rest } = await start({ DRAIN_DELAY_MS: "0" });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write("GET / HTTP/1.1\r\nHo"));
    socket.on("error", () => {});
    // The server reads in order of arrival: when it has answered this, it has the half request too.
    await new Promise((resolve) => socket.once("connect", resolve));
    await fetch(`${url}/healthz`);
    process.kill("SIGTERM");
    expect(await process.exited).toBe(0);
    expect((await rest).at(-1)).toMatchObject({ event: "stopped" });
    socket.destroy();
  }, 20_000);

  test.each([
    [{ VARIANT: "v3" }, 'Cannot start: VARIANT is "v3", must be "v1" or "v2"\n'],
    [
      { PORT: "abc" },
      'Cannot start: PORT is "abc", must be a whole number from 0 (a free port) to 65535\n',
    ],
    [{ HOST: "203.0.113.7" }, "Cannot listen on 203.0.113.7:0: "],
  ])(
    "does not start with %j, and says why in one line",
    async (environment, message) => {
      const child = spawn(environment);
      expect(await child.exited).toBe(1);
      const said = await new Response(child.stderr).text();
      expect(said).toStartWith(message);
      expect(said.trim().split("\n").length).toBe(1);
    },
    20_000,
  );

  test.each(["PORT", "METRICS_PORT"])(
    "does not start when another has its %s, and says what to set",
    async (name) => {
      const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
      cleanups.push(() => taken.stop(true));
      const child = spawn({ [name]: String(taken.port) });
      expect(await child.exited).toBe(1);
      const said = await new Response(child.stderr).text();
      expect(said).toStartWith(`Cannot listen on 127.0.0.1:${taken.port}: `);
      expect(said).toEndWith(`; set ${name}= to a free port, or to 0 for any\n`);
    },
    20_000,
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
