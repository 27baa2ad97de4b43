import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type LocalCounts, renderCounts, serveCounts } from "../testing/local-cluster.ts";
import { createLocalSource, parseSamples } from "./local-source.ts";
import { createPrometheusSource, readLastSync } from "./prometheus-source.ts";
import { readEvidence } from "./read-evidence.ts";

const COUNTS: LocalCounts = {
  stable: { requests: 9000, errors: 9 },
  canary: { requests: 1000, errors: 5 },
  shadow: "keep_watching",
};
const NONE = { slow: 0, compared: 0, disagreed: 0 };

test("parseSamples() reads names, labels with quotes in them, and numbers", () => {
  const text = '# HELP a b\na 1\nb{x="1",y="a\\"b\\\\c\\nd"} 2.5e3\nc{} +Inf\n\n';
  expect(parseSamples(text)).toEqual([
    { name: "a", labels: new Map(), value: 1 },
    {
      name: "b",
      labels: new Map([
        ["x", "1"],
        ["y", 'a"b\\c\nd'],
      ]),
      value: 2500,
    },
    { name: "c", labels: new Map(), value: Number.NaN },
  ]);
});

test("readEvidence() counts what a local cluster has done", async () => {
  const server = serveCounts(() => COUNTS);
  expect(await readEvidence(await createLocalSource(server.url))).toEqual({
    stable: { ...COUNTS.stable, timed: 9000, ...NONE },
    canary: { ...COUNTS.canary, timed: 1000, ...NONE },
    shadow: "keep watching",
  });
  server.stop();
});

test.each([["NaN"], ["-5"], ["+Inf"]])("a counter of %s counts nothing", async (value) => {
  const text = `a{x="1"} ${value}\na{x="2"} 3\n`;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => new Response(url.endsWith("/metrics") ? text : '{"workloads":[]}'),
  });
  const source = await createLocalSource(server.url.origin);
  expect(await source.readIncrease("a", {})).toBe(3);
  await server.stop(true);
});

test("a Prometheus that counts less than nothing counts nothing", async () => {
  const result = [{ value: [0, "-5"] }];
  const answer = { status: "success", data: { resultType: "vector", result } };
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json(answer) });
  const options = { url: server.url.origin, since: new Date(), namespace: "a" };
  expect(await createPrometheusSource(options).readIncrease("a", {})).toBe(0);
  await server.stop(true);
});

test("all counts of a Prometheus are of one moment by its own clock, for they are compared", async () => {
  let clock = 1000;
  const moments: (string | null)[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      const { searchParams } = new URL(url);
      moments.push(searchParams.get("time"));
      clock += 30;
      const isAsked = searchParams.get("query") === "vector(time())";
      const result = [{ value: [clock, isAsked ? String(clock) : "5"] }];
      return Response.json({ status: "success", data: { resultType: "vector", result } });
    },
  });
  const options = { url: server.url.origin, since: new Date(), namespace: "a" };
  const source = createPrometheusSource(options);
  await source.readIncrease("timed", {});
  await source.readIncrease("quick", {});
  expect(moments).toEqual([null, "1030", "1030", "1030", "1030"]);
  await server.stop(true);
});

test("sources say where nobody answers, and who answers something else", async () => {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("{}") });
  const since = new Date();
  const source = createPrometheusSource({ url: server.url.origin, since, namespace: "a" });
  expect(source.readGauge("a", {})).rejects.toThrow("that is no answer of Prometheus");
  const url = server.url.origin;
  expect(createLocalSource(url)).rejects.toThrow('that is no answer of "bun run up"');
  await server.stop(true);
  await expect(createLocalSource(url)).rejects.toThrow(
    /Cannot read http:[^ ]+: [^.?]*Unable to connect; is "bun run up" running there\?$/,
  );
  await expect(source.readGauge("a", {})).rejects.toThrow(
    /^Cannot read metrics from http:[^ ]+: [^.?]*Unable to connect$/,
  );
});

test("a source tells no password, asks below a path, and tells a status", async () => {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      asked.push(new URL(url).pathname);
      return new Response("who is there", { status: 401 });
    },
  });
  const url = `http://ada:secret@${server.url.host}/prometheus/`;
  const source = createPrometheusSource({ url, since: new Date(), namespace: "a" });
  await expect(source.readGauge("a", {})).rejects.toThrow(
    `Cannot read metrics from http://${server.url.host}/prometheus: it answered 401`,
  );
  expect(asked).toEqual(["/prometheus/api/v1/query"]);
  await server.stop(true);
});

const prometheus = Bun.which("prometheus");
if (prometheus === null) console.warn("judge: skipped, there is no prometheus here");

const folder = mkdtempSync(join(tmpdir(), "judge-"));
afterAll(() => rmSync(folder, { recursive: true }), 60_000);

/** A free port of the loopback interface. */
async function findPort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  if (port === undefined) throw new Error("no port");
  return port;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue().catch(() => false))) await Bun.sleep(100);
}

async function countScrapes(url: string): Promise<number> {
  const query = new URLSearchParams({ query: "sum(count_over_time(up[1m]))" });
  const answer: unknown = await (await fetch(`${url}/api/v1/query?${query}`)).json();
  const Count = z.object({
    data: z.object({
      result: z.tuple([z.object({ value: z.tuple([z.number(), z.coerce.number()]) })]),
    }),
  });
  return Count.parse(answer).data.result[0].value[1];
}

test.skipIf(prometheus === null)(
  "readEvidence() counts what a real Prometheus has seen since a moment",
  async () => {
    // Before that moment there were errors, which say nothing about the tree of now.
    let counts: LocalCounts = {
      stable: { requests: 100, errors: 100 },
      canary: { requests: 100, errors: 100 },
      shadow: "promote",
    };
    const target = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      // As Prometheus 3 stores it, whose like there is no package of (prometheus/prometheus#14485).
      fetch: () => new Response(renderCounts(counts).replaceAll('le="500"', 'le="500.0"')),
    });
    const port = await findPort();
    const config = {
      scrape_configs: [
        {
          job_name: "gateway",
          scrape_interval: "100ms",
          scrape_timeout: "100ms",
          static_configs: [{ targets: [target.url.host], labels: { namespace: "hookline" } }],
        },
      ],
    };
    writeFileSync(join(folder, "prometheus.yaml"), JSON.stringify(config));
    const program = Bun.spawn(
      [
        prometheus ?? "",
        `--config.file=${folder}/prometheus.yaml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
    const url = `http://127.0.0.1:${port}`;
    const source = createPrometheusSource({ url, since: new Date(), namespace: "hookline" });
    const seen = async (total: number) =>
      (await source.readGauge("istio_request_duration_milliseconds_count", {
        destination_version: "v1",
      })) === total;
    await until(() => seen(100));
    counts = {
      stable: { requests: 9100, errors: 100 },
      canary: { requests: 1100, errors: 150 },
      shadow: "promote",
    };
    await until(() => seen(9100));
    // A rise is stretched by half a scrape at each end of what was seen: with many scrapes that is little.
    const scrapes = await countScrapes(url);
    await until(async () => (await countScrapes(url)) > scrapes + 40);
    const { stable, canary, shadow } = await readEvidence(source);
    expect(shadow).toBe("promote");
    expect([stable.errors, stable.slow, canary.slow]).toEqual([0, 0, 0]);
    expect(canary.errors).toBeGreaterThanOrEqual(50);
    expect(canary.errors / canary.requests).toBeCloseTo(0.05, 2);
    expect(stable.requests / canary.requests).toBeCloseTo(9, 0);
    const other = createPrometheusSource({ url, since: new Date(), namespace: "other" });
    expect((await readEvidence(other)).stable.requests).toBe(0);
    program.kill();
    await program.exited;
    await target.stop(true);
  },
  120_000,
);

/** Samples of the last 40 minutes, one each 30 seconds, as text that promtool makes a store of; when they end. */
function writeHistory(store: string): number {
  const end = Math.floor(Date.now() / 1000) - 5;
  const lines = (series: string, from: number, read: (index: number) => number) =>
    Array.from({ length: 80 }, (_, index) => index)
      .filter((index) => index >= from)
      .map((index) => `${series} ${read(index)} ${end - (79 - index) * 30}\n`);
  const text = [
    "# TYPE up gauge\n",
    ...lines('up{namespace="seen"}', 0, () => 1),
    ...lines('up{namespace="late"}', 60, () => 1),
    "# TYPE a counter\n",
    ...lines('a_total{namespace="seen",code="200"}', 0, (index) => 1000 + 10 * index),
    ...lines('a_total{namespace="seen",code="503"}', 60, () => 100),
    ...lines('a_total{namespace="late",code="200"}', 60, (index) => 1000 + 10 * (index - 60)),
    "# TYPE argocd_app_sync counter\n",
    ...lines('argocd_app_sync_total{name="seen",phase="Succeeded"}', 0, (at) => (at < 70 ? 3 : 4)),
    ...lines('argocd_app_sync_total{name="seen",phase="Failed"}', 0, (index) => index),
    ...lines('argocd_app_sync_total{name="late",phase="Succeeded"}', 74, () => 1),
    ...lines('argocd_app_sync_total{name="still",phase="Succeeded"}', 0, () => 7),
    "# EOF\n",
  ];
  writeFileSync(`${store}.txt`, text.join(""));
  const words = ["promtool", "tsdb", "create-blocks-from", "openmetrics", `${store}.txt`, store];
  expect(Bun.spawnSync(words).exitCode).toBe(0);
  return end;
}

test.skipIf(prometheus === null || Bun.which("promtool") === null)(
  "a real Prometheus counts errors that all came before they were first scraped",
  async () => {
    const store = join(folder, "history");
    const end = writeHistory(store);
    writeFileSync(join(folder, "nothing.yaml"), "{}");
    const port = await findPort();
    const program = Bun.spawn(
      [
        prometheus ?? "",
        `--config.file=${folder}/nothing.yaml`,
        `--storage.tsdb.path=${store}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
    const url = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${url}/-/ready`)).ok);
    const since = new Date(Date.now() - 20 * 60_000);
    const seen = createPrometheusSource({ url, since, namespace: "seen" });
    expect(await seen.readIncrease("a_total", { code: "503" })).toBe(100);
    // Ten each 30 seconds, and none since the samples end, which a busy machine makes longer ago.
    const missing = (since.getTime() / 1000 + 20 * 60 - end) / 3;
    const increase = await seen.readIncrease("a_total", { code: "200" });
    expect(Math.abs(increase - (400 - missing))).toBeLessThan(15);
    // Who watches since ten minutes only does not know when the thousand came.
    const late = createPrometheusSource({ url, since, namespace: "late" });
    expect(Math.abs((await late.readIncrease("a_total", {})) - 195)).toBeLessThan(15);
    const sync = async (namespace: string) => {
      const last = await readLastSync({ url, since, namespace });
      return last && (end - last.getTime() / 1000) / 60;
    };
    // Nine and five samples before the end, seen within one and a half minutes.
    expect(await sync("seen")).toBeWithin(2.9, 5.5);
    expect(await sync("late")).toBeWithin(0.9, 3.5);
    expect(await sync("still")).toBeUndefined();
    expect(await sync("nobody")).toBeUndefined();
    program.kill();
    await program.exited;
  },
  120_000,
);
