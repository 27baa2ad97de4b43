import { afterEach, describe, expect, test } from "bun:test";
import { buildDirect, buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

describe("Expect: 100-continue", () => {
  const HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";

  test("the client is told to go on; the pod gets no such question", async () => {
    const backend = startRawBackend((one) => {
      if (one.received.endsWith("body")) one.send(OK);
    });
    const { port } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(HEAD);
    await client.waitFor("HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    await client.waitFor("\r\n\r\nok");
    expect(backend.connections[0]?.received).not.toMatch(/expect/i);
    client.destroy();
  });

  test("who is refused is not asked for his body", async () => {
    const { port } = await startPlane({ decide: () => buildDirect(404) });
    const client = await RawClient.connect(port);
    client.send(HEAD);
    const answer = await client.waitForEnd();
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n(?:.*\r\n)*connection: close\r\n/);
    expect(answer).not.toContain("100 Continue");
  });
});

describe("an answer before the body is complete", () => {
  test("a short rest is read away, and the connection is kept", async () => {
    const { port } = await startPlane({ decide: () => buildDirect(404) });
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
    await client.waitFor("HTTP/1.1 404");
    client.send("def");
    client.send(GET);
    await until(() => client.received.match(/HTTP\/1\.1 404/g)?.length === 2, "two answers");
    client.destroy();
  });

  test("of a long one only the answer is given, then the connection is closed", async () => {
    const backend = startRawBackend((one) => {
      if (one.received.length < 100_000)
        one.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
    });
    const { port } = await startPlane({
      backends: [backend.port],
      decide: () => buildForward("app"),
    });
    const client = await RawClient.connect(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
    await client.waitFor("big");
    client.send(Buffer.alloc(2_000_000));
    await client.waitForEnd();
    expect(client.received.match(/HTTP\/1\.1/g)?.length).toBe(1);
  });
});
