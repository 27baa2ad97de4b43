import { afterEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import { until } from "../testing/until.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { buildOperatedWorkload } from "./operated-workload.ts";
import { ThirdPartyPrograms } from "./third-party.ts";
import type { WantedRelease } from "./wanted-release.ts";

const binaries = findBinaries(join(import.meta.dirname, "../../../.."));
const isInstalled = binaries.prometheus !== undefined && binaries.alertmanager !== undefined;
if (!isInstalled)
  console.warn("SKIPPED: an alert's way to the mailbox: Prometheus and Alertmanager are not here");

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function serve(text: string): Bun.Server<undefined> {
  const headers = { "content-type": "text/plain; version=0.0.4" };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(text, { headers }),
  });
  ends.push(() => server.stop(true));
  return server;
}

const ruleOf = (alert: string, expr = "pod_metric > 0"): JsonObject => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata: { name: "rules" },
  spec: { groups: [{ name: "all", rules: [{ alert, expr, for: "0s" }] }] },
});
const ALERTS: JsonObject = {
  apiVersion: "monitoring.coreos.com/v1alpha1",
  kind: "AlertmanagerConfig",
  metadata: { name: "alerts", namespace: "ns" },
  spec: {
    route: { receiver: "operator", groupWait: "0s", groupBy: ["alertname"] },
    receivers: [
      {
        name: "operator",
        emailConfigs: [{ to: "a@x.example", from: "b@x.example", smarthost: "mail.ns.svc:1025" }],
      },
    ],
  },
};
const releaseOf = (...resources: readonly JsonObject[]): WantedRelease => ({
  plan: { namespace: "ns", services: [], thirdParty: [] },
  resources,
});

interface CreateOptions {
  readonly binaries?: Binaries | undefined;
  readonly tell?: (sentence: string) => void;
  /** Takes what is to be called when a pod changes. */
  readonly subscribe?: (listener: () => void) => () => void;
}

/** The programs that are installed, over one pod. */
function create(pod: number, options: CreateOptions = {}) {
  return createIn(mkdtempSync(join(tmpdir(), "hookline-third-party-")), pod, options);
}

function createIn(runFolder: string, pod: number, { subscribe, ...options }: CreateOptions) {
  ends.push(() => rmSync(runFolder, { recursive: true, force: true }));
  const endpoint = {
    pod: "web-1",
    namespace: "ns",
    labels: { "app.kubernetes.io/name": "web" },
    workload: "web",
    version: "v1",
    ports: new Map([["metrics", pod]]),
  };
  const programs = new ThirdPartyPrograms({
    binaries,
    endpoints: { ready: () => [endpoint], subscribe: subscribe ?? (() => () => {}) },
    runFolder,
    signal: new AbortController().signal,
    log: () => {},
    tell: () => {},
    intervalSeconds: 1,
    ...options,
  });
  ends.push(() => programs.stop());
  return programs;
}

const Result = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});
const Rules = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});
const textOf = (programs: ThirdPartyPrograms, release: WantedRelease, wanted: string) =>
  programs.describe(release).find(({ name }) => name === wanted)?.text ?? "";

test.skipIf(!isInstalled)(
  "Prometheus scrapes pods and the gateway with the labels of a cluster, and takes other rules",
  async () => {
    const pod = serve("pod_metric 1\n");
    const gateway = serve("gateway_metric 1\n");
    const programs = create(pod.port ?? 0);
    const first = releaseOf(ruleOf("First"), { kind: "ConfigMap" });
    await programs.bringInMonitoring(first, gateway.url.origin);
    const [, origin] = /^runs at (http:[^\s,]+)/.exec(textOf(programs, first, "prometheus")) ?? [];
    const ask = async (path: string) => await (await fetch(`${origin}/api/v1${path}`)).json();
    const query = async (text: string) =>
      Result.parse(await ask(`/query?query=${text}`)).data.result;
    await until(
      "both are scraped",
      async () => {
        const found = [await query("pod_metric"), await query("gateway_metric")];
        return found.every(({ length }) => length === 1);
      },
      120_000,
    );
    const [scraped] = await query("pod_metric");
    expect(scraped?.metric).toMatchObject({
      job: "web",
      namespace: "ns",
      pod: "web-1",
      service: "web",
    });
    const rules = async () =>
      Rules.parse(await ask("/rules")).data.groups.flatMap((group) =>
        group.rules.map(({ name }) => name),
      );
    expect(await rules()).toEqual(["First"]);
    await programs.bringInMonitoring(releaseOf(ruleOf("Second")), gateway.url.origin);
    await until("it has the other rules", async () => (await rules()).join() === "Second");
  },
  120_000,
);

test.skipIf(!isInstalled)(
  "an alert goes by Alertmanager, as the overlay routes it, to the mailbox that stands in",
  async () => {
    const pod = serve("pod_metric 1\n");
    const programs = create(pod.port ?? 0);
    const mailpit = {
      program: "mailpit" as const,
      workload: buildOperatedWorkload("mail", "ns"),
    };
    const release: WantedRelease = {
      plan: { namespace: "ns", services: [], thirdParty: [mailpit] },
      resources: [ruleOf("Burning"), ALERTS],
    };
    await programs.bringInMonitoring(release, pod.url.origin);
    await until(
      "the mail has come",
      () => textOf(programs, release, "mail").includes("Burning"),
      120_000,
    );
    expect(textOf(programs, release, "mail")).toStartWith("the built-in mailbox stands in: 1 mail");
    expect(programs.describe(release).map(({ name, runs }) => [name, runs])).toEqual([
      ["mail", "stand-in"],
      ["prometheus", "binary"],
      ["alertmanager", "binary"],
    ]);
  },
  120_000,
);

test.skipIf(!isInstalled)(
  "what Prometheus or Alertmanager cannot do is told, and nothing else suffers",
  async () => {
    const pod = serve("pod_metric 1\n");
    const programs = create(pod.port ?? 0);
    const broken = { ...ALERTS, spec: { route: { receiver: "one" }, muteTimeIntervals: [] } };
    const release = releaseOf(ruleOf("Bad", "pod_metric >"), broken);
    await programs.bringInMonitoring(release, pod.url.origin);
    expect(textOf(programs, release, "alertmanager")).toBe(
      'not run: no alert is sent; alertmanager does not run: Cannot read AlertmanagerConfig "ns/alerts": "spec.muteTimeIntervals" is not known here',
    );
    expect(textOf(programs, release, "prometheus")).toMatch(
      /; prometheus does not run: Cannot run prometheus: its pod prometheus-\S+ ends at its start: exit code [12], its last line was: .+/s,
    );
    const mended = releaseOf(ruleOf("Good"));
    await programs.bringInMonitoring(mended, pod.url.origin);
    expect(textOf(programs, mended, "prometheus")).toStartWith("runs at http://127.0.0.1:");
  },
  120_000,
);

test("nothing is started where stand-ins are wanted", async () => {
  const programs = create(1, { binaries: undefined });
  const release = releaseOf(ruleOf("One"), ALERTS);
  await programs.bringInLimiter(release);
  await programs.bringInMonitoring(release, "http://127.0.0.1:1");
  expect(programs.describe(release)).toEqual([
    {
      name: "prometheus",
      image: "",
      runs: "nothing",
      text: "not run: /_local/metrics and the pods have the metrics",
    },
    { name: "alertmanager", image: "", runs: "nothing", text: "not run: no alert is sent" },
  ]);
});

test.each([
  ["whose folder is gone", process.env["PATH"]],
  ["where there is no shell to guard it", "/nowhere"],
])("a program %s is told, and nothing else suffers", async (_, path) => {
  const before = process.env["PATH"];
  ends.push(() => {
    process.env["PATH"] = before;
  });
  process.env["PATH"] = path;
  const runFolder = join(tmpdir(), `hookline-third-party-gone-${process.pid}`);
  if (path !== before) mkdirSync(runFolder);
  const programs = createIn(runFolder, 1, { binaries: { redis: "redis-server" } });
  const redis = { program: "redis" as const, workload: buildOperatedWorkload("cache", "ns") };
  const release: WantedRelease = {
    plan: { namespace: "ns", services: [], thirdParty: [redis] },
    resources: [],
  };
  await programs.bringInLimiter(release);
  expect(textOf(programs, release, "cache")).toContain(
    `redis does not run: Cannot run cache: its pod cache-`,
  );
  expect(textOf(programs, release, "cache")).toContain(`cannot be started in "${runFolder}": `);
});

test("what nobody foresaw is told in a sentence, and the next release is brought in", async () => {
  const told: string[] = [];
  const programs = create(1, { tell: (sentence) => told.push(sentence) });
  const plan: WantedRelease["plan"] = {
    namespace: "ns",
    services: [],
    get thirdParty(): never {
      throw new Error("the sky fell");
    },
  };
  await programs.bringInLimiter({ plan, resources: [] });
  await programs.bringInMonitoring({ plan, resources: [] }, "http://127.0.0.1:1");
  await programs.bringInMonitoring(releaseOf(), "http://127.0.0.1:1");
  expect(told).toEqual([
    "Cannot bring in the limiter: the sky fell; all else goes on",
    "Cannot bring in the monitoring: the sky fell; all else goes on",
  ]);
});

test("targets that cannot be written are told once, and not to whom tells of a pod", async () => {
  const told: string[] = [];
  let changed = () => {};
  const runFolder = mkdtempSync(join(tmpdir(), "hookline-third-party-"));
  const programs = createIn(runFolder, 1, {
    binaries: { prometheus: "false" },
    tell: (sentence) => told.push(sentence),
    subscribe: (listener) => {
      changed = listener;
      return () => {};
    },
  });
  await programs.bringInMonitoring(releaseOf(ruleOf("One")), "http://127.0.0.1:1");
  const folder = join(runFolder, "programs/prometheus");
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
  changed();
  changed();
  expect(told).toEqual([
    expect.stringMatching(
      /^Cannot tell prometheus of the pods: E\w+: .+; it goes on with those that it knows$/,
    ),
  ]);
});
