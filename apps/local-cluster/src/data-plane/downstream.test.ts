import { afterEach, describe, expect, test } from "bun:test";
import type { TCPSocketListener } from "bun";
import { Downstream } from "./downstream.ts";
import { RawClient, until } from "./testing/raw-client.ts";

const servers: TCPSocketListener<Downstream | undefined>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.stop(true);
});

/** One connection whose clock the test moves. */
async function connect() {
  let downstream: Downstream | undefined;
  const server = Bun.listen<Downstream | undefined>({
    hostname: "127.0.0.1",
    port: 0,
    data: undefined,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        downstream = new Downstream(socket, {
          isDraining: false,
          begin: () => {
            throw new TypeError("No head was complete");
          },
          closed: () => {},
        });
        socket.data = downstream;
      },
      data: ({ data }, bytes) => data?.takeBytes(bytes),
      close: ({ data }) => data?.takeClose(),
    },
  });
  servers.push(server);
  const client = await RawClient.connect(server.port);
  await until(() => downstream !== undefined, "a connection");
  const sweepAfter = (ms: number) => downstream?.sweep(performance.now() + ms);
  return { client, sweepAfter, isInside: () => downstream?.isIdle === false };
}

describe("sweep()", () => {
  test("answers 408 to a head that takes more than a minute, however it drips", async () => {
    const { client, sweepAfter, isInside } = await connect();
    client.send("GET / HTTP/1.1\r\nX: ");
    await until(isInside, "a part of a head");
    sweepAfter(59_000);
    await Bun.sleep(20);
    expect(client.received).toBe("");
    client.send("a");
    sweepAfter(61_000);
    expect(await client.waitForEnd()).toStartWith("HTTP/1.1 408 Request Timeout\r\n");
  });

  test("closes a connection that nobody used for an hour, without a word", async () => {
    const younger = await connect();
    younger.sweepAfter(3_599_000);
    younger.client.send("BAD\r\n\r\n");
    expect(await younger.client.waitForEnd()).toStartWith("HTTP/1.1 400 ");
    const { client, sweepAfter } = await connect();
    sweepAfter(3_601_000);
    await until(() => client.isClosed, "closed");
    expect(client.received).toBe("");
  });
});
