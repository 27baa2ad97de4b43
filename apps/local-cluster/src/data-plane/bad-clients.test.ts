import { afterEach, describe, expect, test } from "bun:test";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const echoing = () => startRawBackend((one) => one.send(OK));
const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

describe("a client that", () => {
  test.each([
    [
      "gives both lengths",
      400,
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    [
      "gives two lengths",
      400,
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    ],
    [
      "has a chunk that is no number",
      400,
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ["folds a line", 400, "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"],
    ["ends lines with LF", 400, "GET / HTTP/1.1\nHost: x\n\n"],
    ["names no host", 400, "GET / HTTP/1.1\r\n\r\n"],
    ["names two hosts", 400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"],
    ["names a host that is none", 400, "GET / HTTP/1.1\r\nHost: x/../y\r\n\r\n"],
    ["has a fragment", 400, "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["has a target that is no path", 400, "GET a HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["has a method that Envoy does not know", 400, "a-b / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["has a method in lower case", 400, "get / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["speaks HTTP/1.0", 426, "GET / HTTP/1.0\r\nHost: x\r\n\r\n"],
    ["connects", 404, "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n"],
    [
      "upgrades to what nobody knows",
      403,
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n",
    ],
    ["has too many headers", 431, `GET / HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(101)}\r\n`],
    ["has a path without an end", 431, `GET /${"a".repeat(70_000)}`],
  ])("%s is answered %d and let go; no pod sees it", async (_, status, text) => {
    const backend = echoing();
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(text);
    const answer = await client.waitForEnd();
    expect(answer).toStartWith(`HTTP/1.1 ${status} `);
    expect(answer.match(/HTTP\/1\.1 /g)?.length).toBe(1);
    // A bad chunk comes after its head has gone on; nothing behind it may.
    expect(backend.connections.some((one) => one.received.includes("smuggled"))).toBe(false);
    await until(() => backend.connections.every((one) => one.isClosed), "no pod is left waiting");
  });

  test("sends a good request, then a bad one: both are answered", async () => {
    const { port } = await startPlane({ backends: [echoing().port] });
    const client = await RawClient.connect(port);
    client.send(`${GET}BAD\r\n\r\n`);
    expect((await client.waitForEnd()).match(/HTTP\/1\.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 400",
    ]);
  });

  test("has a target with a host of its own: that host counts", async () => {
    const backend = echoing();
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("GET http://other.test:81?q=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.waitFor("ok");
    expect(backend.connections[0]?.received).toMatch(
      /^GET \/\?q=1 HTTP\/1\.1\r\n(?:.*\r\n)*host: other\.test:81\r\n/,
    );
    client.destroy();
  });

  test("names headers in Connection: they stay here, but those that say who he is", async () => {
    const backend = echoing();
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Secret, x-forwarded-for, host\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nTE: gzip\r\n\r\n",
    );
    await client.waitFor("ok");
    const { received = "" } = backend.connections[0] ?? {};
    expect(received).not.toMatch(/x-secret|keep-alive|^te:|connection:/im);
    expect(received).toMatch(/host: x\r\n/);
    expect(received).toMatch(/x-forwarded-for: 127\.0\.0\.1\r\n/);
    client.destroy();
  });

  test("names the length in Connection: it goes on with its body", async () => {
    const backend = echoing();
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: content-length\r\nContent-Length: 3\r\n\r\nabc",
    );
    await client.waitFor("ok");
    expect(backend.connections[0]?.received).toMatch(/content-length: 3\r\n/);
    client.destroy();
  });

  test("leaves before the answer: the pod is told, and nothing is answered", async () => {
    const backend = startRawBackend(() => {});
    const { port, lines, plane } = await startPlane({ backends: [backend.port] });
    for (const leave of ["destroy", "end"] as const) {
      const client = await RawClient.connect(port);
      client.send(GET);
      await until(
        () => backend.connections.some((one) => !one.isClosed && one.received !== ""),
        "a request at the pod",
      );
      client[leave]();
      await until(() => backend.connections.every((one) => one.isClosed), "the pod told");
    }
    expect(lines.map((line) => [line.response_code, line.response_flags])).toEqual([
      [0, "DC"],
      [0, "DC"],
    ]);
    expect(plane.snapshot().underWay).toBe(0);
  });

  test("leaves in the middle of its body: the pod's connection is not used again", async () => {
    const backend = startRawBackend(() => {});
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    await until(
      () => backend.connections[0]?.received.endsWith("abc") === true,
      "a part of the body",
    );
    client.destroy();
    await until(() => backend.connections[0]?.isClosed === true, "closed");
  });

  test("sends a head byte by byte is served as any other", async () => {
    const { port } = await startPlane({ backends: [echoing().port] });
    const client = await RawClient.connect(port);
    for (const byte of GET) {
      client.send(byte);
      await Bun.sleep(0);
    }
    await client.waitFor("ok");
    client.destroy();
  });

  test("pipelines without end: what waits is bounded", async () => {
    const backend = startRawBackend(() => {});
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    // The first is never answered: all others wait, most of them in the kernel or with the client.
    client.send(Buffer.from(GET.repeat(1_000_000)));
    await until(
      () => backend.connections[0]?.received === undefined || backend.connections.length === 1,
      "one request",
    );
    const before = process.memoryUsage.rss();
    await Bun.sleep(100);
    expect(client.unsent).toBeGreaterThan(10_000_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
    expect(backend.connections.length).toBe(1);
    client.destroy();
  });
});

describe("a client that pipelines what is answered at once", () => {
  const many = Buffer.from(GET.repeat(1_000_000));
  const refusing = () =>
    startPlane({
      decide: () => ({
        kind: "none",
        status: 404,
        reason: "",
        flag: "NR",
        limits: undefined,
      }),
    });

  test("and does not read is not read any more", async () => {
    const { port, plane } = await refusing();
    const client = await RawClient.connect(port);
    client.pause();
    client.send(many);
    let before = -1;
    const isStill = () => {
      const { requests } = plane.snapshot();
      const was = before;
      before = requests;
      return requests > 0 && requests === was;
    };
    for (let still = 0; still < 20; still = isStill() ? still + 1 : 0) await Bun.sleep(5);
    // What the kernel holds for both was asked and answered, no more.
    expect(client.unsent).toBeGreaterThan(5_000_000);
    expect(before).toBeLessThan(500_000);
    client.destroy();
  }, 120_000);

  test("lets others have their turn", async () => {
    const { port, plane } = await refusing();
    const client = await RawClient.connect(port);
    client.keeps = false;
    client.send(many);
    await until(() => plane.snapshot().requests > 0, "it is answered");
    const other = await RawClient.connect(port);
    other.send(GET);
    await other.waitFor("HTTP/1.1 404");
    expect(plane.snapshot().requests).toBeLessThan(10_000);
    client.destroy();
    other.destroy();
  }, 120_000);

  test("gets all its answers, in the end", async () => {
    const { port, plane } = await refusing();
    const client = await RawClient.connect(port);
    client.keeps = false;
    client.send(Buffer.from(GET.repeat(5000)));
    await until(() => plane.snapshot().requests === 5000, "all are answered");
    client.destroy();
  }, 120_000);
});
