import { afterEach, describe, expect, test } from "bun:test";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

const servers: { stop(force: boolean): Promise<void> }[] = [];
afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
  for (const server of servers.splice(0)) await server.stop(true);
});

const MIB = 1024 * 1024;
/** What the kernel's buffers of two connections and our own may hold together. */
const HELD = 24 * MIB;

describe("a stream", () => {
  test("of an answer waits for a slow client; nothing piles up here", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () =>
        new Response(
          new ReadableStream({
            async pull(stream) {
              stream.enqueue(chunk);
              sent += chunk.length;
              await Bun.sleep(0);
              if (sent > 256 * MIB) stream.close();
            },
          }),
        ),
    });
    servers.push(server);
    const { port } = await startPlane({ backends: [server.port ?? 0] });
    const client = await RawClient.connect(port);
    client.keeps = false;
    client.pause();
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let before = -1;
    // Until nothing moves any more.
    for (let still = 0; still < 5; still = sent === before ? still + 1 : 0) {
      before = sent;
      await Bun.sleep(20);
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(HELD);
    client.resume();
    await until(() => client.receivedBytes > 64 * MIB, "the stream goes on");
    client.destroy();
  }, 120_000);

  test("of a body waits for a slow pod; nothing piles up here", async () => {
    const backend = startRawBackend(
      () => {},
      (one) => one.pause(),
    );
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    const size = 64 * MIB;
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`);
    client.send(Buffer.alloc(size));
    let before = -1;
    for (let still = 0; still < 5; still = client.unsent === before ? still + 1 : 0) {
      before = client.unsent;
      await Bun.sleep(20);
    }
    expect(size - client.unsent).toBeLessThan(HELD);
    backend.connections[0]?.resume();
    await until(() => (backend.connections[0]?.receivedBytes ?? 0) > size, "the whole body");
    client.destroy();
  }, 120_000);

  test("of both ways at once is the same bytes at the other end", async () => {
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      maxRequestBodySize: 100 * MIB,
      fetch: (request) => new Response(request.body),
    });
    servers.push(server);
    const { url } = await startPlane({ backends: [server.port ?? 0] });
    const body = new Uint8Array(20 * MIB);
    for (let i = 0; i < body.length; i += 4096) body[i] = i / 4096;
    const answer = await fetch(url, { method: "POST", body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes.length).toBe(body.length);
    expect(Bun.hash(bytes)).toBe(Bun.hash(body));
  }, 120_000);

  test("of events comes through one by one", async () => {
    const { promise: second, resolve: release } = Promise.withResolvers<void>();
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () =>
        new Response(
          async function* events() {
            yield "data: one\n\n";
            await second;
            yield "data: two\n\n";
          },
          { headers: { "content-type": "text/event-stream" } },
        ),
    });
    servers.push(server);
    const { port } = await startPlane({ backends: [server.port ?? 0] });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.waitFor("data: one\n\n");
    expect(client.received).not.toContain("two");
    release();
    await client.waitFor("data: two\n\n");
    client.destroy();
  });
});

describe("a WebSocket", () => {
  function startEcho() {
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request, self) =>
        self.upgrade(request) ? undefined : new Response("no", { status: 400 }),
      websocket: {
        message: (socket, message) => {
          socket.send(typeof message === "string" ? `echo ${message}` : message);
          if (message === "bye") socket.close(4001, "bye");
        },
      },
    });
    servers.push(server);
    return server.port ?? 0;
  }

  test("passes through, both ways, with its end", async () => {
    const { port, lines } = await startPlane({ backends: [startEcho()] });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`);
    const messages: unknown[] = [];
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.onmessage = ({ data }) => messages.push(data);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    socket.send("one");
    socket.send("x".repeat(200_000));
    socket.send("bye");
    expect(await closed).toBe(4001);
    expect(messages).toEqual(["echo one", `echo ${"x".repeat(200_000)}`, "echo bye"]);
    await until(() => lines.length === 1, "its line in the log");
    expect([lines[0]?.response_code, lines[0]?.response_flags]).toEqual([101, "-"]);
  });

  test("lives longer than the route's timeout", async () => {
    const { buildForward } = await import("./testing/fake-mesh.ts");
    const decide = () => buildForward("app", { timeoutMs: 50 });
    const { port } = await startPlane({ backends: [startEcho()], decide });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const opened = performance.now();
    await until(() => performance.now() - opened > 120, "the timeout to be over twice");
    const answer = new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(data);
    });
    socket.send("late");
    expect(await answer).toBe("echo late");
    socket.close();
  });

  test("that the pod refuses gets the pod's answer, and the connection is kept", async () => {
    const backend = startRawBackend((one) =>
      one.send("HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\nno"),
    );
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    for (let i = 1; i <= 2; i += 1) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      await until(() => client.received.match(/HTTP\/1\.1 400/g)?.length === i, "an answer");
    }
    expect(backend.connections[0]?.received).toMatch(
      /connection: Upgrade\r\nupgrade: websocket\r\n/,
    );
    client.destroy();
  });

  test("half closed by the client: what the pod still says comes through", async () => {
    const backend = startRawBackend((one, text) => {
      if (text.startsWith("GET"))
        one.send(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello",
        );
      else one.send(`[${text}]`);
    });
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    // The first frames may come with the head.
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await client.waitFor("\r\n\r\nhello");
    client.send("frame");
    client.end();
    await client.waitFor("[frame]");
    await client.waitForEnd();
    await until(() => backend.connections[0]?.isClosed === true, "both ends closed");
  });

  test("an upgrade to HTTP/2 is passed over", async () => {
    const backend = startRawBackend((one) =>
      one.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    );
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    );
    await client.waitFor("HTTP/1.1 200 OK");
    expect(backend.connections[0]?.received).not.toMatch(/upgrade|http2/i);
    client.destroy();
  });
});
