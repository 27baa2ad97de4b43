import { afterEach, describe, expect, test } from "bun:test";
import type { Retries } from "@hookline/mesh";
import { buildForward } from "./testing/fake-mesh.ts";
import { type BackendConnection, startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { buildEndpoint, startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A port where nothing listens. */
function findClosedPort(): number {
  const { port, stop } = startRawBackend(() => {});
  stop();
  return port;
}

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

  test("the rest of a body is read, though the failed try could take no more of it", async () => {
    const good = startRawBackend((one) => {
      const isWhole = /\r\n0\r\n\r\n$/.test(one.received);
      if (isWhole || !one.received.includes("POST")) one.send(OK);
    });
    const { port, setEndpoints } = await startPlane({
      backends: [good.port],
      decide: () => buildForward("app", { retries: retries({}) }),
      random: () => 0,
    });
    const client = await RawClient.connect(port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.waitFor("\r\n\r\nok");
    // Drawn first is the pod that is gone; the connection to the other one is open and does not tell so again.
    setEndpoints([findClosedPort(), good.port].map((each) => buildEndpoint(each)));
    const chunks = "1\r\na\r\n".repeat(8);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
    await until(() => good.connections[0]?.received.includes(chunks) === true, "the first chunks");
    client.send("0\r\n\r\n");
    await client.waitFor(/( 200 OK.*){2}\r\n\r\nok$/s, 3_000);
    expect(good.connections.length).toBe(1);
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
        timeoutMs: 500,
        retries: retries({ attempts: 50, perTryTimeoutMs: 20, retryOn: ["5xx"] }),
      });
    const { url, lines } = await startPlane({ backends: [backend.port], decide });
    expect((await fetch(url)).status).toBe(504);
    expect(lines[0]?.attempts).toBeGreaterThan(1);
    // Half a second has no room for fifty of 20 ms each.
    expect(lines[0]?.attempts).toBeLessThan(30);
  });

  test("a client that is slow is not a try that takes too long", async () => {
    const backend = startRawBackend((one, text) => {
      if (text.includes("end")) one.send(OK);
    });
    const decide = () =>
      buildForward("app", { retries: retries({ perTryTimeoutMs: 300, retryOn: ["reset"] }) });
    const { port, lines } = await startPlane({ backends: [backend.port], decide });
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nthe");
    await Bun.sleep(400);
    client.send("end");
    await until(() => client.received.endsWith("ok"), "the answer");
    expect(lines.map((line) => [line.response_code, line.attempts])).toEqual([[200, 1]]);
  });
});
