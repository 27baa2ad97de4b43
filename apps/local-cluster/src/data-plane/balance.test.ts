import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import type { TrafficPolicy } from "@hookline/mesh";
import { buildDestination, buildForward } from "./testing/fake-mesh.ts";
import { type RawBackend, startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { until } from "./testing/raw-client.ts";
import { buildEndpoint, startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const answer = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
const FAILED = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
const named = (name: string) => startRawBackend((one) => one.send(answer(name)));

async function ask(url: string, times: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i += 1) {
    const text = await (await fetch(url)).text();
    counts[text] = (counts[text] ?? 0) + 1;
  }
  return counts;
}

describe("pods", () => {
  test("of the subset only, in the Service's namespace only", async () => {
    const [v1, v2, elsewhere] = [named("v1"), named("v2"), named("elsewhere")];
    const { url } = await startPlane({
      endpoints: [
        buildEndpoint(v1.port, { labels: { app: "app", version: "v1" } }),
        buildEndpoint(v2.port, { labels: { app: "app", version: "v2" } }),
        buildEndpoint(elsewhere.port, {
          labels: { app: "app", version: "v2" },
          namespace: "other",
        }),
      ],
      decide: () => buildForward("app", { destination: buildDestination("app", { subset: "v2" }) }),
    });
    expect(await ask(url, 20)).toEqual({ v2: 20 });
  });

  test("of what the rule says that holds for the request, whatever another's cluster of the name has", async () => {
    const [v1, v2] = [named("v1"), named("v2")];
    const subset = (version: string) => ({
      ...buildDestination("app", { subset: "canary" }),
      labels: { app: "app", version },
    });
    const { url, plane } = await startPlane({
      endpoints: [
        buildEndpoint(v1.port, { labels: { app: "app", version: "v1" } }),
        buildEndpoint(v2.port, { labels: { app: "app", version: "v2" } }),
      ],
      decide: ({ path }) => buildForward("app", { destination: subset(path.slice(1)) }),
    });
    expect(await ask(`${url}/v1`, 5)).toEqual({ v1: 5 });
    expect(await ask(`${url}/v2`, 5)).toEqual({ v2: 5 });
    const name = "outbound|80|canary|app.hookline.svc.cluster.local";
    expect(plane.snapshot().clusters.map((one) => [one.name, one.pods.length])).toEqual([
      [name, 2],
    ]);
    expect(plane.metrics()).toContain(`envoy_cluster_membership_total{cluster_name="${name}"} 2\n`);
  });

  test("share the requests", async () => {
    const { url } = await startPlane({ backends: ["a", "b", "c"].map((name) => named(name).port) });
    const counts = Object.values(await ask(url, 300));
    expect(counts.length).toBe(3);
    // Each has 100 of 300: ± 5 standard deviations.
    expect(Math.min(...counts)).toBeGreaterThan(59);
  });

  test("that are busy get fewer: of two drawn the less busy", async () => {
    const busy = startRawBackend(() => {});
    const free = named("free");
    const { url } = await startPlane({ backends: [busy.port, free.port] });
    const stuck = Array.from({ length: 4 }, () =>
      fetch(url).then(
        (one) => one.text(),
        () => "",
      ),
    );
    await until(() => busy.connections.length > 0, "one that hangs");
    // Whoever draws both gets the free one; who draws the busy one twice (a quarter of the rest) hangs too.
    const more = Array.from({ length: 40 }, () =>
      fetch(url).then(
        (one) => one.text(),
        () => "",
      ),
    );
    const settled = Promise.all([...stuck, ...more]);
    await until(
      () =>
        (free.connections
          .map((one) => one.received)
          .join("")
          .match(/GET /g)?.length ?? 0) >= 20,
      "most at the free pod",
    );
    stopRawBackends();
    const texts = await settled;
    expect(texts.filter((text) => text === "free").length).toBeGreaterThanOrEqual(20);
  });

  test("in turn, when the policy says so", async () => {
    const backends = ["a", "b"].map((name) => named(name).port);
    const policy: TrafficPolicy = { loadBalancer: "ROUND_ROBIN" };
    const { url } = await startPlane({
      backends,
      decide: () => buildForward("app", { destination: buildDestination("app", { policy }) }),
    });
    expect(await ask(url, 20)).toEqual({ a: 10, b: 10 });
  });

  test("that come get requests, that go get no new ones but end what they have", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const old = startRawBackend((one) => void released.then(() => one.send(answer("old"))));
    const fresh = named("fresh");
    const { url, setEndpoints } = await startPlane({ backends: [old.port] });
    const underWay = fetch(url).then((one) => one.text());
    await until(() => old.connections.length === 1, "a request under way");
    setEndpoints([buildEndpoint(fresh.port)]);
    expect(await ask(url, 10)).toEqual({ fresh: 10 });
    release();
    expect(await underWay).toBe("old");
    await until(() => old.connections[0]?.isClosed === true, "the old pod's connection closed");
    setEndpoints([]);
    expect((await fetch(url)).status).toBe(503);
  });

  test("that keep failing are ejected, and come back", async () => {
    let now = 1_000_000;
    let isBroken = true;
    const bad = startRawBackend((one) => one.send(isBroken ? FAILED : answer("mended")));
    const good = named("good");
    const policy: TrafficPolicy = {
      loadBalancer: "LEAST_REQUEST",
      outlier: {
        consecutive5xx: 5,
        intervalMs: 10_000,
        baseEjectionMs: 30_000,
        maxEjectionPercent: 50,
      },
    };
    const { url, plane } = await startPlane({
      backends: [bad.port, good.port],
      now: () => now,
      decide: () => buildForward("app", { destination: buildDestination("app", { policy }) }),
    });
    const first = await ask(url, 60);
    expect(first[""]).toBe(5);
    expect(plane.metrics()).toContain(
      'envoy_cluster_outlier_detection_ejections_active{cluster_name="outbound|80||app.hookline.svc.cluster.local"} 1\n',
    );
    expect(plane.snapshot().clusters[0]?.pods.map((one) => one.isEjected)).toEqual([true, false]);
    now += 30_000;
    isBroken = false;
    expect((await ask(url, 60))["mended"]).toBeGreaterThan(5);
  });
});

test("a pod comes back after its time, whatever the machine's clock is set to meanwhile", async () => {
  let isBroken = true;
  const bad = startRawBackend((one) => one.send(isBroken ? FAILED : answer("mended")));
  const good = named("good");
  const outlier = {
    consecutive5xx: 1,
    intervalMs: 10_000,
    baseEjectionMs: 50,
    maxEjectionPercent: 50,
  };
  const { url, plane } = await startPlane({
    backends: [bad.port, good.port],
    decide: () =>
      buildForward("app", { destination: buildDestination("app", { policy: { outlier } }) }),
  });
  const isEjected = () => plane.snapshot().clusters[0]?.pods[0]?.isEjected;
  while (isEjected() !== true) await ask(url, 1);
  isBroken = false;
  setSystemTime(Date.now() - 3_600_000);
  await until(() => isEjected() === false, "it is back").finally(() => setSystemTime());
});

describe("connections to pods", () => {
  const countConnections = ({ connections }: RawBackend) => connections.length;

  test("are used again, closed when idle for long, and not more often than the policy says", async () => {
    let now = 0;
    const backend = named("x");
    const { url } = await startPlane({ backends: [backend.port], now: () => now });
    await ask(url, 10);
    expect(countConnections(backend)).toBe(1);
    now += 5_000;
    await ask(url, 1);
    expect(countConnections(backend)).toBe(2);
    const policy: TrafficPolicy = { loadBalancer: "RANDOM", maxRequestsPerConnection: 2 };
    const other = named("y");
    const limited = await startPlane({
      backends: [other.port],
      decide: () => buildForward("app", { destination: buildDestination("app", { policy }) }),
    });
    await ask(limited.url, 6);
    expect(countConnections(other)).toBe(3);
  });

  test("that the pod closes are not used again", async () => {
    const backend = startRawBackend((one) => {
      one.send(answer("x"));
      one.end();
    });
    const { url } = await startPlane({ backends: [backend.port] });
    for (let i = 1; i <= 3; i += 1) {
      expect((await fetch(url)).status).toBe(200);
      await until(() => backend.connections.every((one) => one.isClosed), "closed");
    }
    expect(countConnections(backend)).toBe(3);
  });
});
