import { afterEach, describe, expect, test } from "bun:test";
import { buildDestination, buildForward } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { until } from "./testing/raw-client.ts";
import { buildEndpoint, startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("a mirror", () => {
  const mirrors = [{ destination: buildDestination("other"), percent: 100 }];
  const start = (mirror: number, live: number, timeoutMs?: number) =>
    startPlane({
      endpoints: [
        buildEndpoint(live),
        buildEndpoint(mirror, {
          pod: "other-1",
          labels: { app: "other" },
          workload: "other",
          version: "v2",
        }),
      ],
      decide: () => buildForward("app", { mirrors, timeoutMs }),
    });

  test("gets the same request, with -shadow at its host", async () => {
    const live = startRawBackend((one) => one.send(OK));
    const copy = startRawBackend((one) =>
      one.send("HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nbroken"),
    );
    const { url, plane } = await start(copy.port, live.port);
    const answer = await fetch(`${url}/a?b`, {
      method: "POST",
      body: "the body",
      headers: { host: "app.test:8080" },
    });
    expect([answer.status, await answer.text()]).toEqual([200, "ok"]);
    await until(() => plane.snapshot().mirrors[0]?.failed === 1, "the copy's answer");
    const [one, other] = [live.connections[0]?.received ?? "", copy.connections[0]?.received ?? ""];
    expect(other).toBe(one.replace("host: app.test:8080", "host: app.test-shadow:8080"));
    expect(other).toStartWith("POST /a?b HTTP/1.1\r\n");
    expect(other).toEndWith("\r\n\r\nthe body");
    expect(plane.snapshot().mirrors).toEqual([
      { service: "other", version: "v2", sent: 1, failed: 1, dropped: 0 },
    ]);
    // Told by its destination only, as Istio does.
    const rows = plane
      .metrics()
      .split("\n")
      .filter(
        (line) =>
          line.startsWith("istio_requests_total") && line.includes('destination_workload="other"'),
      );
    expect(rows.length).toBe(1);
    expect(rows[0]).toContain('reporter="destination"');
  });

  test.each<[string, (port: number) => number]>([
    ["hangs", () => startRawBackend(() => {}).port],
    ["resets", () => startRawBackend((one) => one.reset()).port],
    ["sends garbage", () => startRawBackend((one) => one.send("\0\0\r\n\r\n")).port],
    [
      "is not there",
      () => {
        const gone = startRawBackend(() => {});
        gone.stop();
        return gone.port;
      },
    ],
  ])("that %s changes nothing for the client", async (_, begin) => {
    const live = startRawBackend((one) => one.send(OK));
    const { url, plane } = await start(begin(0), live.port, 300);
    for (let i = 0; i < 5; i += 1) expect(await (await fetch(url)).text()).toBe("ok");
    await until(() => plane.snapshot().mirrors[0]?.failed === 5, "five failed copies");
  });

  test("of a body over 1 MiB is left out; the live request is not", async () => {
    let liveBytes = 0;
    const live = startRawBackend((one, text) => {
      liveBytes += text.length;
      if (liveBytes > 1_300_000) one.send(OK);
    });
    const copy = startRawBackend((one) => one.send(OK));
    const { url, plane } = await start(copy.port, live.port);
    expect((await fetch(url, { method: "POST", body: new Uint8Array(1_300_000) })).status).toBe(
      200,
    );
    expect(plane.snapshot().mirrors).toEqual([
      { service: "other", version: "v2", sent: 0, failed: 0, dropped: 1 },
    ]);
    expect(copy.connections.length).toBe(0);
  });
});
