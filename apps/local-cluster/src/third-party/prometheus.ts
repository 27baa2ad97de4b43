// A Prometheus that scrapes all that runs, with the rules of the overlay, where it is installed.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import type { EndpointSource } from "../data-plane/endpoints.ts";
import { type Child, guard, startChild } from "../pods/child.ts";
import { findFreePorts } from "./free-ports.ts";

export interface PrometheusOptions {
  readonly binary: string;
  readonly runFolder: string;
  readonly endpoints: EndpointSource;
  /** Where the gateway listens, whose `/_local/metrics` tells what gateway and sidecars count. */
  readonly gateway: string;
  readonly log: (line: string) => void;
  /** Between two scrapes; 5 s. */
  readonly intervalSeconds?: number;
}

export interface Prometheus {
  readonly port: number;
  /** Takes the rules of these resources in place of those it has. */
  readonly update: (resources: readonly JsonObject[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const Rule = z.object({
  kind: z.literal("PrometheusRule"),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ groups: z.array(z.unknown()) }),
});

const GRACE_MS = 3_000;

/** Starts it; that it is not ready yet keeps nobody waiting. */
export function startPrometheus(
  options: PrometheusOptions,
  resources: readonly JsonObject[],
): Prometheus {
  const folder = join(options.runFolder, "prometheus");
  const [port = 0] = findFreePorts(1);
  writeRules(folder, resources);
  writeTargets(folder, options.endpoints);
  writeJson(join(folder, "prometheus.yml"), buildConfig(options));
  const unsubscribe = options.endpoints.subscribe(() => writeTargets(folder, options.endpoints));
  const child = startChild({
    command: guard([
      options.binary,
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-lifecycle",
    ]),
    folder,
    environment: {},
    log: options.log,
  });
  return {
    port,
    update: async (next) => {
      writeRules(folder, next);
      // One that has ended or has not begun to listen takes them when it starts.
      await fetch(`http://127.0.0.1:${port}/-/reload`, { method: "POST" }).catch(() => undefined);
    },
    stop: async () => {
      unsubscribe();
      await end(child);
    },
  };
}

async function end(child: Child): Promise<void> {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await child.exited;
  clearTimeout(force);
}

/** JSON is YAML. */
function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}

function writeRules(folder: string, resources: readonly JsonObject[]): void {
  rmSync(join(folder, "rules"), { recursive: true, force: true });
  mkdirSync(join(folder, "rules"), { recursive: true });
  for (const resource of resources) {
    const rule = Rule.safeParse(resource);
    if (!rule.success) continue;
    const { metadata, spec } = rule.data;
    writeJson(join(folder, "rules", `${metadata.name}.yaml`), { groups: spec.groups });
  }
}

/** The labels are those that the overlay's ServiceMonitor gives: the job is the program's name. */
function writeTargets(folder: string, endpoints: EndpointSource): void {
  const targets = endpoints.ready().flatMap(({ pod, namespace, labels, ports }) => {
    const port = ports.get("metrics");
    const job = labels["app.kubernetes.io/name"] ?? "";
    if (port === undefined) return [];
    const named = { job, service: job, container: job, namespace, pod, endpoint: "metrics" };
    return [{ targets: [`127.0.0.1:${port}`], labels: named }];
  });
  writeJson(join(folder, "targets.json"), targets);
}

function buildConfig({ gateway, intervalSeconds = 5 }: PrometheusOptions) {
  const every = `${intervalSeconds}s`;
  return {
    global: { scrape_interval: every, evaluation_interval: every },
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
