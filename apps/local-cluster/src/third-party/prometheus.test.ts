import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { until } from "../testing/until.ts";
import { startPrometheus } from "./prometheus.ts";

const binary = Bun.which("prometheus");
if (binary === null) console.warn("SKIPPED: --real with Prometheus, for it is not installed here");

const ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
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

const ruleOf = (alert: string) => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata: { name: "rules" },
  spec: { groups: [{ name: "all", rules: [{ alert, expr: "pod_metric > 0" }] }] },
});
const Result = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});
const Rules = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});

test.skipIf(binary === null)(
  "Prometheus scrapes pods and the gateway with the labels of a cluster, and takes other rules",
  async () => {
    const pod = serve("pod_metric 1\n");
    const gateway = serve("gateway_metric 1\n");
    const runFolder = mkdtempSync(join(tmpdir(), "hookline-prometheus-"));
    ends.push(() => rmSync(runFolder, { recursive: true, force: true }));
    const endpoint = {
      pod: "web-1",
      namespace: "ns",
      labels: { "app.kubernetes.io/name": "web" },
      workload: "web",
      version: "v1",
      ports: new Map([["metrics", pod.port ?? 0]]),
    };
    const prometheus = startPrometheus(
      {
        binary: binary ?? "",
        runFolder,
        endpoints: { ready: () => [endpoint], subscribe: () => () => {} },
        gateway: gateway.url.origin,
        log: () => {},
        intervalSeconds: 1,
      },
      [ruleOf("First"), { kind: "ConfigMap" }],
    );
    ends.unshift(prometheus.stop);
    const api = `http://127.0.0.1:${prometheus.port}/api/v1`;
    const ask = async (path: string) => {
      const answer = await fetch(`${api}${path}`).catch(() => undefined);
      return answer?.ok ? await answer.json() : undefined;
    };
    const query = async (text: string) =>
      Result.safeParse(await ask(`/query?query=${text}`)).data?.data.result;
    await until(
      "the pod is scraped",
      async () => (await query("pod_metric"))?.length === 1,
      30_000,
    );
    const [scraped] = (await query("pod_metric")) ?? [];
    expect(scraped?.metric).toMatchObject({
      job: "web",
      namespace: "ns",
      pod: "web-1",
      service: "web",
    });
    await until(
      "the gateway is scraped",
      async () => (await query("gateway_metric"))?.length === 1,
      30_000,
    );
    const rules = async () =>
      Rules.parse(await ask("/rules")).data.groups.flatMap((group) =>
        group.rules.map(({ name }) => name),
      );
    expect(await rules()).toEqual(["First"]);
    await prometheus.update([ruleOf("Second")]);
    await until("it has the other rules", async () => (await rules()).join() === "Second");
  },
  60_000,
);
