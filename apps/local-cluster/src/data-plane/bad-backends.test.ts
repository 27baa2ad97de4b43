import { afterEach, describe, expect, test } from "bun:test";
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
