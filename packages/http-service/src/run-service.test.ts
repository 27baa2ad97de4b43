import { afterEach, expect, test } from "bun:test";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { idleSeconds } from "./run-service.ts";
import { runServer, startServer, stopServers } from "./testing/start-server.ts";

const SUBJECT = resolve(import.meta.dirname, "testing/subject.ts");
const LONG = 120_000;

afterEach(stopServers);

/** Asks on fresh connections until one is refused: the socket is closed to new callers. */
async function waitUntilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url, { headers: { connection: "close" } });
    } catch {
      return;
    }
  }
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "runService() answers what is under way at %s, takes nothing new, and ends with 0",
  async (signal) => {
    const { server, url, metrics, readLog } = await startServer(SUBJECT, { DRAIN_DELAY_MS: "100" });
    expect(await (await fetch(`${metrics}/metrics`)).text()).toBe("metrics");
    const slow = fetch(`${url}/slow`);
    server.kill(signal);
    while (!(await (await fetch(url)).text()).includes('"draining":true'));
    // Asked once more, by whoever thinks that it takes too long, it ends no sooner.
    server.kill(signal);
    await fetch(`${url}/go`);
    expect(await (await slow).json()).toEqual({ length: 0, draining: true });
    await waitUntilRefused(url);
    expect(await server.exited).toBe(0);
    expect(await readLog()).toMatchObject([
      { event: "draining", signal, active: expect.any(Number) },
      { event: "onDraining" },
      { event: "onDrained" },
      { event: "stopped", clean: true },
    ]);
  },
  LONG,
);

test(
  "runService() ends as it should though its steps fail, and logs that",
  async () => {
    const limits = { DRAIN_DELAY_MS: "0", FAULT: "no such step" };
    const { server, readLog } = await startServer(SUBJECT, limits);
    server.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect((await readLog()).slice(-5)).toMatchObject([
      { event: "onDraining" },
      { event: "error", step: "onDraining", message: "no such step" },
      { event: "onDrained" },
      { event: "error", step: "onDrained", message: "no such step" },
      { event: "stopped", clean: true },
    ]);
  },
  LONG,
);

test(
  "runService() answers and ends as it should though nobody reads its log any more",
  async () => {
    const server = Bun.spawn([process.execPath, SUBJECT], {
      // Not the PORT of whoever runs this.
      env: {},
      stdout: "pipe",
      stderr: "pipe",
    });
    const log = server.stdout.getReader();
    const { url } = JSON.parse(new TextDecoder().decode((await log.read()).value));
    await log.cancel();
    const slow = fetch(`${url}/slow`);
    server.kill("SIGTERM");
    while (!(await (await fetch(url)).text()).includes('"draining":true'));
    await fetch(`${url}/go`);
    expect(await (await slow).json()).toEqual({ length: 0, draining: true });
    expect([await server.exited, await server.stderr.text()]).toEqual([0, ""]);
  },
  LONG,
);

test(
  "runService() ends within its time though a caller never does, and logs it",
  async () => {
    const limits = { DRAIN_DELAY_MS: "0", DRAIN_TIMEOUT_MS: "10" };
    const { server, url, readLog } = await startServer(SUBJECT, limits);
    fetch(`${url}/slow`).catch(() => undefined);
    // The server reads in order of arrival: when it has answered this, it has the other request too.
    await fetch(url);
    server.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect((await readLog()).at(-1)).toMatchObject({ event: "stopped", clean: false });
  },
  LONG,
);

test.each([
  ["of HTTP/1.0", "HTTP/1.0", ""],
  ["with an empty one", "HTTP/1.1", "host:\r\n"],
])(
  "runService() answers a request without a host, %s",
  async (_, protocol, host) => {
    const { url } = await startServer(SUBJECT);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const fields = `${host}content-length: 2\r\nconnection: close\r\n`;
    socket.write(`POST /x?y ${protocol}\r\n${fields}\r\nab`);
    const answer = await text(socket);
    expect(answer).toStartWith("HTTP/1.1 200 OK");
    expect(answer).toContain('{"length":2,"draining":false}');
  },
  LONG,
);

test(
  "runService() leaves it to the app to refuse a large body",
  async () => {
    const { url } = await startServer(SUBJECT);
    // Bun's own limit is 128 MB.
    const body = new Uint8Array(130 * 2 ** 20);
    expect(await (await fetch(url, { method: "POST", body })).json()).toMatchObject({
      length: body.length,
    });
  },
  LONG,
);

test.each(["PORT", "METRICS_PORT"])(
  "runService() does not start when another has its %s, and says what to set",
  async (name) => {
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { code, errors } = await runServer(SUBJECT, { [name]: String(taken.port) });
    const wish = `(set ${name} to a free port, or to 0 for any)`;
    expect(errors).toStartWith(`Cannot listen on 127.0.0.1:${taken.port} ${wish}: `);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
    await taken.stop(true);
  },
  LONG,
);

test(
  "runService() says why it cannot listen on an address that is not here",
  async () => {
    const { code, errors } = await runServer(SUBJECT, { HOST: "203.0.113.7" });
    expect(errors).toMatch(/^Cannot listen on 203\.0\.113\.7:0: \S.*\n$/);
    expect(code).toBe(1);
  },
  LONG,
);

const IPV6 = Object.values(networkInterfaces()).some((found) =>
  found?.some(({ address }) => address === "::1"),
);
if (!IPV6) {
  console.warn("skipped: listening on ::1 needs a machine with IPv6");
}

test.skipIf(!IPV6)(
  "runService() tells an address that can be asked when HOST is of IPv6",
  async () => {
    const { url, metrics } = await startServer(SUBJECT, { HOST: "::1" });
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(metrics)).status).toBe(200);
    expect([url, metrics].map((one) => new URL(one).hostname)).toEqual(["[::1]", "[::1]"]);
  },
  LONG,
);

test.each([
  [10, 6],
  [10_000, 15],
  [10_001, 16],
  // No more is taken by Bun.
  [600_000, 255],
])(
  "a connection may be silent a while longer than a body of %d ms: %d s",
  (bodyTimeoutMs, seconds) => {
    expect(idleSeconds(bodyTimeoutMs)).toBe(seconds);
  },
);
