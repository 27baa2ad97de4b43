import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { stringify } from "yaml";
import { z } from "zod";
import { listDashboards } from "./checks/dashboards.ts";
import { listSeries, THIRD_PARTY_METRICS } from "./checks/known-metrics.ts";
import { listSelectors } from "./checks/promql.ts";
import { readTree } from "./checks/tree.ts";
import { goldenPath } from "./golden.ts";
import { parseResources, TREE } from "./render.ts";

// A real Prometheus reads the running programs, with our rules; every panel has to show something.

const APPS = join(TREE, "..", "apps");
const wanted = [
  "app/src/server.ts",
  "model-service/src/server.ts",
  "model-service/models/v1/model.onnx",
  "model-service/models/v2/model.onnx",
  "shadow-report/src/server.ts",
];
const missing = [
  ...wanted.filter((path) => !existsSync(join(APPS, path))),
  ...(Bun.which("prometheus") === null ? ["prometheus"] : []),
];
if (missing.length > 0)
  console.warn(`gitops/prometheus.test.ts: without ${missing.join(", ")} no panel is drawn`);

const folder = mkdtempSync(join(tmpdir(), "hookline-prometheus-"));
const children: Subprocess[] = [];
const servers: { stop: () => unknown }[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

const Listening = z.object({ event: z.literal("listening"), url: z.url(), metrics: z.url() });

/** Starts one of our programs on free ports and waits until it listens. */
async function startProgram(name: string, env: Readonly<Record<string, string>>) {
  const child = Bun.spawn(["bun", "src/server.ts"], {
    cwd: join(APPS, name),
    env: { PATH: process.env["PATH"], PORT: "0", METRICS_PORT: "0", ...env },
    stdout: "pipe",
    stderr: "ignore",
  });
  children.push(child);
  const { promise, resolve, reject } = Promise.withResolvers<z.infer<typeof Listening>>();
  // Read to its end: a program whose log nobody reads would stop at its next line.
  const read = async () => {
    let text = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const line = text.split("\n").find((one) => one.includes('"event":"listening"'));
      if (line !== undefined) resolve(Listening.parse(JSON.parse(line)));
    }
    reject(new Error(`Cannot start ${name}: it said ${JSON.stringify(text)}`));
  };
  read().catch(reject);
  return await promise;
}

/** Series of other people's programs, which are not here: all that our panels ask of them, growing. */
function serveThirdParty(): string {
  const labels: Readonly<Record<string, string>> = {
    reporter: "source",
    source_workload: "istio-ingressgateway",
    response_flags: "RL",
    deployment: "ratelimit",
    le: "+Inf",
  };
  const started = performance.now();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch() {
      const value = 100 + Math.round((performance.now() - started) / 10);
      const lines = [...listSeries(THIRD_PARTY_METRICS)]
        .filter(([name]) => name !== "up")
        .flatMap(([name, own]) =>
          ["200", "429", "503"].map((code) => {
            const all = { ...labels, response_code: code };
            const text = own
              .map((label) => `${label}="${Reflect.get(all, label) ?? "one"}"`)
              .join();
            return own.includes("response_code") || code === "200"
              ? `${name}{${text}} ${value}`
              : "";
          }),
        );
      return new Response(`${lines.filter((line) => line !== "").join("\n")}\n`);
    },
  });
  servers.push(server);
  return server.url.host;
}

const tree = readTree(parseResources(await Bun.file(goldenPath("monitoring")).text()));

/** Prometheus over these targets, by job, with the rules of the overlay. */
async function startPrometheus(
  targets: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const groups = tree.prometheusRules.flatMap(({ spec }) => spec.groups);
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yaml"],
    scrape_configs: Object.entries(targets).map(([job, hosts]) => ({
      job_name: job,
      static_configs: [{ targets: hosts, labels: { namespace: "hookline" } }],
    })),
  };
  await Bun.write(join(folder, "rules.yaml"), stringify({ groups }));
  await Bun.write(join(folder, "prometheus.yaml"), stringify(config));
  const probe = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const address = probe.url.host;
  await probe.stop(true);
  const child = Bun.spawn(
    [
      "prometheus",
      "--config.file=prometheus.yaml",
      "--storage.tsdb.path=data",
      `--web.listen-address=${address}`,
    ],
    { cwd: folder, stdout: "ignore", stderr: "ignore" },
  );
  children.push(child);
  return `http://${address}`;
}

const Answer = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

/** How many lines an expression gives now; none while Prometheus does not answer. */
async function countLines(prometheus: string, expr: string): Promise<number> {
  const body = new URLSearchParams({ query: expr.replaceAll("$__rate_interval", "15s") });
  const response = await fetch(`${prometheus}/api/v1/query`, { method: "POST", body }).catch(
    () => undefined,
  );
  if (response?.ok !== true) return 0;
  return Answer.parse(await response.json()).data.result.length;
}

/** The visitors: each page is opened, and URLs are checked with and without a guess. */
async function visit(page: string): Promise<void> {
  await fetch(page);
  for (const [url, guess] of [
    ["https://www.wikipedia.org/", "legitimate"],
    ["http://paypal.com.secure-login.example.tk/verify/account.php?id=1", "phishing"],
    ["http://paypal.com.secure-login.example.tk/verify/account.php?id=2", undefined],
  ]) {
    await fetch(`${page}/api/check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url, ...(guess === undefined ? {} : { guess }) }),
    });
  }
}

describe.skipIf(missing.length > 0)("every panel, and every series of an alert,", () => {
  test("shows something", async () => {
    const report = await startProgram("shadow-report", { PAIR_WAIT_MS: "500" });
    const [live, shadow] = await Promise.all(
      ["v1", "v2"].map((version) =>
        startProgram("model-service", {
          MODEL_DIR: join(APPS, "model-service", "models", version),
          VERSION_LABEL: version,
          SHADOW_REPORT_URL: report.url,
        }),
      ),
    );
    const modelUrl = live?.url ?? "";
    const pages = await Promise.all(
      ["v1", "v2"].map((version) => startProgram("app", { MODEL_URL: modelUrl, VARIANT: version })),
    );
    const host = (url: string | undefined) => new URL(url ?? "").host;
    const thirdParty = serveThirdParty();
    const prometheus = await startPrometheus({
      app: pages.map(({ metrics }) => host(metrics)),
      "model-service": [host(live?.metrics), host(shadow?.metrics)],
      "shadow-report": [host(report.metrics)],
      envoy: [thirdParty],
      ratelimit: [thirdParty],
    });

    const panels = [...listDashboards(tree)].flatMap(([file, dashboard]) =>
      dashboard.panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({ name: `${file} ${title}: ${expr}`, expr })),
      ),
    );
    // An alert is silent while all is well, but each series that it asks for is there.
    const selectors = tree.prometheusRules
      .flatMap(({ spec }) => spec.groups.flatMap(({ rules }) => rules))
      .flatMap(({ alert, record, expr }) =>
        listSelectors(expr).map((one) => ({ name: `${alert ?? record}: ${one}`, expr: one })),
      );
    expect(selectors.length).toBeGreaterThan(20);
    // The original's 21, and ours.
    expect(panels.length).toBeGreaterThan(40);
    let empty = [...panels, ...selectors];
    const deadline = performance.now() + 45_000;
    while (empty.length > 0 && performance.now() < deadline) {
      await Promise.all(pages.map(({ url }) => visit(url)));
      const id = crypto.randomUUID();
      for (const [address, name] of [
        [live?.url, "model-service"],
        [shadow?.url, "model-service-shadow"],
      ]) {
        await fetch(`${address}/predict`, {
          method: "POST",
          headers: { "content-type": "application/json", host: String(name), "x-request-id": id },
          body: JSON.stringify({ url: "https://www.wikipedia.org/" }),
        });
      }
      const counts = await Promise.all(empty.map(({ expr }) => countLines(prometheus, expr)));
      empty = empty.filter((_, index) => counts[index] === 0);
    }
    expect(empty.map(({ name }) => name)).toEqual([]);
  }, 120_000);
});
