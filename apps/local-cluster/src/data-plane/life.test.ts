import { afterEach, describe, expect, test } from "bun:test";
import type { Source } from "@hookline/mesh";
import { buildForward, createFakeMesh } from "./testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "./testing/raw-backend.ts";
import { RawClient, until } from "./testing/raw-client.ts";
import { startPlane, stopPlanes } from "./testing/start-plane.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

describe("update()", () => {
  test("changes the routes in one moment, under load, without a failed answer", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const decideAs = (route: string) => () =>
      buildForward("app", { response: { set: [["x-mesh", route]], add: [], remove: [] } });
    const { url, plane } = await startPlane({ backends: [backend.port], decide: decideAs("old") });
    const seen: (string | null)[] = [];
    let isOver = false;
    const visitors = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { status, headers } = await fetch(url);
        seen.push(status === 200 ? headers.get("x-mesh") : String(status));
      }
    });
    await until(() => seen.length > 200, "load");
    plane.update(createFakeMesh(decideAs("new")));
    const changedAt = seen.length;
    await until(() => seen.length > changedAt + 200, "more load");
    isOver = true;
    await Promise.all(visitors);
    expect(new Set(seen)).toEqual(new Set(["old", "new"]));
    // What was under way ended on the old one; nothing later did.
    expect(seen.slice(changedAt + 8).every((one) => one === "new")).toBe(true);
  }, 120_000);

  test("of a mesh that cannot be compiled changes nothing", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { url, plane } = await startPlane({ backends: [backend.port] });
    const broken = createFakeMesh(() => buildForward("app"));
    const mesh = {
      ...broken,
      services: [],
      router: () => {
        throw new TypeError("no router");
      },
    };
    expect(() => plane.update(mesh)).toThrow("no router");
    expect((await fetch(url)).status).toBe(200);
  });
});

describe("stop()", () => {
  test("answers what is under way, closes what is idle, takes nothing new", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const backend = startRawBackend((one) => void released.then(() => one.send(OK)));
    const { port, plane } = await startPlane({ backends: [backend.port] });
    const [busy, idle] = [await RawClient.connect(port), await RawClient.connect(port)];
    busy.send(GET);
    await until(() => backend.connections.length === 1, "a request under way");
    const stopped = plane.stop({ drainMs: 5_000 });
    await idle.waitForEnd();
    expect(RawClient.connect(port)).rejects.toThrow();
    release();
    expect(await busy.waitForEnd()).toMatch(
      /^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*connection: close\r\n/,
    );
    busy.end();
    idle.end();
    await stopped;
    await until(() => backend.connections.every((one) => one.isClosed), "pods let go");
  });

  test("cuts what takes longer", async () => {
    const backend = startRawBackend(() => {});
    const { port, plane } = await startPlane({ backends: [backend.port] });
    const client = await RawClient.connect(port);
    client.send(GET);
    await until(() => backend.connections.length === 1, "a request under way");
    await plane.stop({ drainMs: 20 });
    await until(() => client.isClosed, "cut");
  });
});

describe("a sidecar", () => {
  const WORKLOAD: Source = { kind: "workload", labels: { app: "other" }, namespace: "hookline" };

  test("means its Service, whatever address the caller used, and keeps the caller's id", async () => {
    const backend = startRawBackend((one) =>
      one.send("HTTP/1.1 200 OK\r\nServer: mine\r\nContent-Length: 2\r\n\r\nok"),
    );
    const asked: unknown[] = [];
    const { plane, lines } = await startPlane({
      backends: [backend.port],
      decide: ({ authority, port }, _, source) => {
        asked.push([authority, port, source.kind]);
        return buildForward("app");
      },
    });
    const fqdn = "app.hookline.svc.cluster.local";
    const { port } = await plane.listenService({ source: WORKLOAD, fqdn, port: 80 });
    const headers = { "x-request-id": "of-the-caller", "user-type": "test-user" };
    const answer = await fetch(`http://127.0.0.1:${port}/predict`, { headers });
    expect(answer.headers.get("server")).toBe("mine");
    await fetch(`http://127.0.0.1:${port}/predict`, { headers: { host: "app:80" } });
    expect(asked).toEqual([
      [fqdn, 80, "workload"],
      ["app:80", 80, "workload"],
    ]);
    const { received = "" } = backend.connections[0] ?? {};
    expect(received).toMatch(/x-request-id: of-the-caller\r\n/);
    expect(received).toMatch(/user-type: test-user\r\n/);
    expect(received).not.toMatch(/x-forwarded-for/);
    expect(lines.map((line) => [line.source, line.upstream_cluster])).toEqual(
      Array(2).fill(["other", `outbound|80||${fqdn}`]),
    );
  });
});

describe("a sidecar that is closed", () => {
  test("answers what is under way, takes nothing new, and has no part in the next mesh", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const backend = startRawBackend((one) => void released.then(() => one.send(OK)));
    const { plane, url } = await startPlane({ backends: [backend.port] });
    const source: Source = { kind: "workload", labels: { app: "gone" }, namespace: "hookline" };
    const fqdn = "app.hookline.svc.cluster.local";
    const sidecar = await plane.listenService({ source, fqdn, port: 80 });
    const underWay = fetch(`http://127.0.0.1:${sidecar.port}/`);
    await until(() => backend.connections[0]?.received.includes("GET") === true, "the request");
    const closing = sidecar.close();
    release();
    expect((await underWay).status).toBe(200);
    await closing;
    expect(RawClient.connect(sidecar.port)).rejects.toThrow();
    const sources: unknown[] = [];
    const next = createFakeMesh(() => buildForward("app"));
    plane.update({
      ...next,
      router: (one) => {
        sources.push(one.kind);
        return next.router(one);
      },
    });
    expect(sources).toEqual(["gateway"]);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe("10,000 idle connections", () => {
  const limit = Number(
    Bun.spawnSync(["sh", "-c", "ulimit -n"])
      .stdout.toString()
      .trim()
      .replace("unlimited", "1000000"),
  );
  const isTooLow = limit < 10_500;
  if (isTooLow)
    console.warn(`life.test.ts: ulimit -n is ${limit}, 10,000 idle connections are not tried`);

  test.skipIf(isTooLow)(
    "are held, and a request among them is answered",
    async () => {
      const backend = startRawBackend((one) => one.send(OK));
      const { port, url, plane } = await startPlane({ backends: [backend.port] });
      const before = process.memoryUsage.rss();
      // The clients are another process: each end counts.
      const script = `let open = 0; const all = [];
      for (let i = 0; i < 10000; i += 1) {
        all.push(await Bun.connect({ hostname: "127.0.0.1", port: ${port}, socket: { data() {}, close() { open -= 1; } } }));
        open += 1;
      }
      console.log("open");
      for await (const line of console) { console.log(open); all[5000].write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"); process.exit(0); }`;
      const child = Bun.spawn([process.execPath, "-e", script], {
        stdin: "pipe",
        stdout: "pipe",
        stderr: "inherit",
      });
      await until(() => plane.snapshot().connections === 10_000, "10,000 connections", 40_000);
      for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(200);
      const bytesEach = (process.memoryUsage.rss() - before) / 10_000;
      expect(bytesEach).toBeLessThan(20_000);
      child.stdin.write("count\n");
      child.stdin.end();
      expect((await new Response(child.stdout).text()).trim()).toBe("open\n10000");
      await until(() => plane.snapshot().connections < 10, "all gone", 20_000);
    },
    120_000,
  );
});
