// A Prometheus that scrapes all that runs, with the rules of the overlay: its files.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import type { EndpointSource } from "../data-plane/endpoints.ts";

export interface PrometheusConfigOptions {
  /** Where the gateway listens, whose `/_local/metrics` tells what gateway and sidecars count. */
  readonly gateway: string;
  /** Where the Alertmanager of the overlay's alerts listens, if one runs. */
  readonly alertmanagerPort?: number | undefined;
  /** Between two scrapes; 5 s. */
  readonly intervalSeconds?: number | undefined;
}

const Rule = z.object({
  kind: z.literal("PrometheusRule"),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ groups: z.array(z.unknown()) }),
});

/** Whether an overlay has something for a Prometheus. */
export function wantsPrometheus(resources: readonly JsonObject[]): boolean {
  return resources.some(({ kind }) =>
    ["PodMonitor", "PrometheusRule", "ServiceMonitor"].includes(String(kind)),
  );
}

/** Writes its configuration and rules in place of those that lie in the folder. */
export function writePrometheusFiles(
  folder: string,
  resources: readonly JsonObject[],
  options: PrometheusConfigOptions,
): void {
  rmSync(join(folder, "rules"), { recursive: true, force: true });
  mkdirSync(join(folder, "rules"), { recursive: true });
  for (const resource of resources) {
    const rule = Rule.safeParse(resource);
    if (!rule.success) continue;
    const { metadata, spec } = rule.data;
    writeJson(join(folder, "rules", `${metadata.name}.yaml`), { groups: spec.groups });
  }
  writeJson(join(folder, "prometheus.yml"), buildConfig(options));
}

/** The pods that it scrapes. The labels are those that the ServiceMonitor gives: the job is the program's name. */
export function writeTargets(folder: string, endpoints: EndpointSource): void {
  const targets = endpoints.ready().flatMap(({ pod, namespace, labels, ports }) => {
    const port = ports.get("metrics");
    const job = labels["app.kubernetes.io/name"] ?? "";
    if (port === undefined) return [];
    const named = { job, service: job, container: job, namespace, pod, endpoint: "metrics" };
    return [{ targets: [`127.0.0.1:${port}`], labels: named }];
  });
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, "targets.json"), targets);
}

function buildConfig({ gateway, alertmanagerPort, intervalSeconds = 5 }: PrometheusConfigOptions) {
  const every = `${intervalSeconds}s`;
  const alertmanagers =
    alertmanagerPort === undefined
      ? []
      : [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }];
  return {
    global: { scrape_interval: every, evaluation_interval: every },
    alerting: { alertmanagers },
    rule_files: ["rules/*.yaml"],
    scrape_configs: [
      { job_name: "pods", file_sd_configs: [{ files: ["targets.json"], refresh_interval: "5s" }] },
      {
        job_name: "envoy",
        metrics_path: "/_local/metrics",
        static_configs: [{ targets: [new URL(gateway).host] }],
      },
    ],
  };
}

/** JSON is YAML. Written aside: whoever reads at this moment reads the file from before, not half of one. */
function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value));
  renameSync(`${path}.new`, path);
}
