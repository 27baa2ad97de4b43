import { afterEach, describe, expect, test } from "bun:test";
import type { Retries } from "@hookline/mesh";
import { buildForward } from "./testing/fake-mesh.ts";
import { type BackendConnection, startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BEFORE = "upstream connect error or disconnect/reset before headers. reset reason:";

/** A port where nothing listens. */
function findClosedPort(): number {
  const { port, stop } = startRawBackend(() => {});
  stop();
  return port;
}

describe("a backend that", () => {
  test.each<[string, (connection: BackendConnection) => void, number, string, string]>([
    ["resets", (one) => one.reset(), 503, `${BEFORE} connection termination`, "UC"],
    ["closes without a word", (one) => one.end(), 503, `${BEFORE} connection termination`, "UC"],
    [
      "closes in the middle of a head",
      (one) => {
        one.send("HTTP/1.1 200 OK\r\nX: y");
        one.end();
      },
      503,
      `${BEFORE} connection termination`,
      "UC",
    ],
    [
      "speaks another protocol",
      (one) => one.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
      502,
      `${BEFORE} protocol error`,
      "UPE",
    ],
    [
      "sends bytes of nothing",
      (one) => one.send(Buffer.from([0, 1, 2, 13, 10, 13, 10])),
      502,
      `${BEFORE} protocol error`,
      "UPE",
    ],
    [
      "gives two lengths",
      (one) => one.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
      502,
      `${BEFORE} protocol error`,
      "UPE",
    ],
    [
      "gives both lengths",
      (one) =>
        one.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
      502,
      `${BEFORE} protocol error`,
      "UPE",
    ],
    [
      "has a head without an end",
      (one) => one.send(`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(12_000)}`),
      502,
      `${BEFORE} protocol error`,
      "UPE",
    ],
  ])("%s: %p is answered", async (_, act, status, body, flag) => {
    const backend = startRawBackend((connection) => act(connection));
    const { url, lines } = await startPlane({ backends: [backend.port] });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([status, body]);
    expect(answer.headers.get("content-type")).toBe("text/plain");
    expect(lines.map((line) => [line.response_code, line.response_flags])).toEqual([
      [status, flag],
    ]);
    // And the next request is not harmed.
    await until(() => backend.connections.every((one) => one.isClosed), "closed connections");
  });

  test("refuses the connection: 503, UF", async () => {
    const { url, lines } = await startPlane({ backends: [findClosedPort()] });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([
      503,
      `${BEFORE} remote connection failure`,
    ]);
    expect(lines[0]?.response_flags).toBe("UF");
  });

  test("hangs: 504 after the route's timeout, and its connection is closed", async () => {
    const backend = startRawBackend(() => {});
    const decide = () => buildForward("app", { timeoutMs: 60 });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([504, "upstream request timeout"]);
    expect(lines[0]?.response_flags).toBe("UT");
    await until(() => backend.connections[0]?.isClosed === true, "cancelled");
  });

  test("stops in the middle of a body: the client's connection breaks, so that he sees it", async () => {
    const backend = startRawBackend((one) => {
      one.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
      one.end();
    });
    const { port, lines } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(() => client.isClosed, "a broken connection");
    expect(client.received).not.toContain("HTTP/1.1 5");
    expect(lines.map((line) => [line.response_code, line.response_flags])).toEqual([[200, "UC"]]);
  });

  test("stops in the middle of chunks: no last chunk is made up", async () => {
    const backend = startRawBackend((one) => {
      one.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      one.end();
    });
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(() => client.isClosed, "a broken connection");
    expect(client.received).not.toContain("0\r\n\r\n");
  });

  test("sends a second answer that nobody asked for: it goes to nobody", async () => {
    const backend = startRawBackend((one) =>
      one.send(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`),
    );
    const { url } = await startPlane({ backends: [backend.port] });
    for (let i = 0; i < 3; i += 1) expect(await (await fetch(url)).text()).toBe("ok");
    expect(backend.connections.length).toBe(3);
  });

  test("ends its answer by closing: passed on in chunks", async () => {
    const backend = startRawBackend((one) => {
      one.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
      one.end();
    });
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.waitFor("d\r\nuntil the end\r\n0\r\n\r\n");
    expect(client.isClosed).toBe(false);
    client.destroy();
  });

  test("sends 1xx first: the answer is the final one", async () => {
    const backend = startRawBackend((one) =>
      one.send(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}`),
    );
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await client.waitFor("\r\n\r\nok")).toStartWith("HTTP/1.1 200 OK\r\n");
    client.destroy();
  });
});

const retries = (changes: Partial<Retries>): Retries => ({
  attempts: 2,
  retryOn: ["connect-failure"],
  ...changes,
});

/** Fails the first `failures` requests as told, then answers. */
function startFlaky(failures: number, fail: (connection: BackendConnection) => void) {
  let seen = 0;
  return startRawBackend((connection) => {
    seen += 1;
    if (seen <= failures) fail(connection);
    else connection.send(OK);
  });
}

describe("retries", () => {
  test.each<[string, Partial<Retries>, (one: BackendConnection) => void, number, number]>([
    ["reset", { retryOn: ["reset"] }, (one) => one.reset(), 200, 2],
    ["5xx covers a reset", { retryOn: ["5xx"] }, (one) => one.reset(), 200, 2],
    [
      "5xx",
      { retryOn: ["5xx"] },
      (one) => one.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
      200,
      2,
    ],
    [
      "gateway-error",
      { retryOn: ["gateway-error"] },
      (one) => one.send("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"),
      200,
      2,
    ],
    [
      "gateway-error leaves 500",
      { retryOn: ["gateway-error"] },
      (one) => one.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
      500,
      1,
    ],
    [
      "a status of its own",
      { retryOn: ["429"] },
      (one) => one.send("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n"),
      200,
      2,
    ],
    [
      "retriable-4xx",
      { retryOn: ["retriable-4xx"] },
      (one) => one.send("HTTP/1.1 409 No\r\nContent-Length: 0\r\n\r\n"),
      200,
      2,
    ],
    [
      "connect-failure leaves a reset",
      { retryOn: ["connect-failure"] },
      (one) => one.reset(),
      503,
      1,
    ],
    [
      "reset-before-request leaves what was sent",
      { retryOn: ["reset-before-request"] },
      (one) => one.reset(),
      503,
      1,
    ],
    ["a try that takes too long", { retryOn: ["5xx"], perTryTimeoutMs: 50 }, () => {}, 200, 2],
    [
      "unavailable, of gRPC",
      { retryOn: ["unavailable"] },
      (one) => one.send("HTTP/1.1 200 OK\r\ngrpc-status: 14\r\nContent-Length: 0\r\n\r\n"),
      200,
      2,
    ],
  ])("%s", async (_, changes, fail, status, attempts) => {
    const backend = startFlaky(1, fail);
    const decide = () => buildForward("app", { retries: retries(changes) });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    expect((await fetch(url)).status).toBe(status);
    expect(lines.map((line) => line.attempts)).toEqual([attempts]);
  });

  test("another pod is tried when there is one", async () => {
    const good = startRawBackend((one) => one.send(OK));
    const decide = () => buildForward("app", { retries: retries({}) });
    const { url, lines } = await startPlane({ backends: [findClosedPort(), good.port], decide });
    for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(200);
    expect(lines.some((line) => line.attempts === 2)).toBe(true);
  });

  test("end with the attempts: URX, and Envoy's words for it", async () => {
    const decide = () => buildForward("app", { retries: retries({ attempts: 2 }) });
    const { url, lines } = await startPlane({ backends: [findClosedPort()], decide });
    expect(await (await fetch(url)).text()).toBe(
      "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure",
    );
    expect(lines.map((line) => [line.attempts, line.response_flags])).toEqual([[3, "UF,URX"]]);
  });

  test("a body is sent again, whole, with the number of the attempt", async () => {
    const backend = startFlaky(1, (one) =>
      one.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"),
    );
    const decide = () => buildForward("app", { retries: retries({ retryOn: ["5xx"] }) });
    const { url } = await startPlane({ backends: [backend.port], decide });
    expect((await fetch(url, { method: "POST", body: "the body" })).status).toBe(200);
    const requests = backend.connections.map((one) => one.received);
    expect(
      requests.map((text) => [
        /x-envoy-attempt-count: (\d)/.exec(text)?.[1],
        text.split("\r\n\r\n")[1],
      ]),
    ).toEqual([
      ["1", "the body"],
      ["2", "the body"],
    ]);
  });

  test("a body over 1 MiB is not sent again", async () => {
    const backend = startRawBackend((one) => {
      if (one.receivedBytes > 1_100_000) one.reset();
    });
    const decide = () => buildForward("app", { retries: retries({ retryOn: ["reset"] }) });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    const answer = await fetch(url, { method: "POST", body: new Uint8Array(1_200_000) });
    expect(answer.status).toBe(503);
    expect(lines.map((line) => line.attempts)).toEqual([1]);
  });

  test("of a body over 1 MiB the pod's own refusal is the answer", async () => {
    const backend = startRawBackend((one) => {
      if (one.receivedBytes > 1_200_000)
        one.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    });
    const decide = () => buildForward("app", { retries: retries({ retryOn: ["5xx"] }) });
    const { url } = await startPlane({ backends: [backend.port], decide });
    const answer = await fetch(url, { method: "POST", body: new Uint8Array(1_200_000) });
    expect([answer.status, await answer.text()]).toEqual([503, "busy"]);
  });

  test("the route's timeout holds over all tries", async () => {
    const backend = startRawBackend(() => {});
    const decide = () =>
      buildForward("app", {
        timeoutMs: 90,
        retries: retries({ attempts: 50, perTryTimeoutMs: 20, retryOn: ["5xx"] }),
      });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    expect((await fetch(url)).status).toBe(504);
    expect(lines[0]?.attempts).toBeGreaterThan(1);
    expect(lines[0]?.attempts).toBeLessThan(6);
  });
});
