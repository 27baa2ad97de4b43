// Everything of the program but its sockets: configuration → model → app. The benchmarks run it on another runtime.
import { type Traffic, writeOut } from "@hookline/http-service";
import { createMetricsApp } from "@hookline/http-service/metrics-app";
import { CONTRACT } from "@hookline/lib-ml";
import { createVersionReader } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { createBrandRule } from "./brand-rule.ts";
import type { Config } from "./config.ts";
import { createLog, type Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { loadModel } from "./model/load-model.ts";
import { Queue } from "./model/queue.ts";
import { Slot } from "./model/slot.ts";
import { readMarks, type Watch, watchFolder } from "./model/watch-folder.ts";
import { createReporter } from "./report/reporter.ts";
import { buildWarmUp } from "./warm-up.ts";

export interface Service {
  readonly app: ReturnType<typeof createApp>;
  readonly metricsApp: ReturnType<typeof createMetricsApp>;
  readonly traffic: Traffic;
  readonly log: Log;
  /** Ends the watching of the folder, so that no load begins any more. */
  stopWatching(): Promise<void>;
  /** Sends the reports that still wait. */
  stopReporting(): Promise<void>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** Loads and warms up the model of the configuration and wires the app to it; throws what is wrong. */
export async function createService(config: Config): Promise<Service> {
  const log = createLog({ level: config.LOG_LEVEL, sink: writeOut });
  const traffic: Traffic = { draining: false };
  const slot = new Slot();
  const metrics = createMetrics({
    queueLength: () => queue.length,
    isReady: () => slot.current !== undefined && !traffic.draining,
    process: true,
  });
  const queue = new Queue({
    slot,
    limit: config.QUEUE_LIMIT,
    coalesce: config.COALESCE === "on",
    onRun: metrics.ran,
  });
  const findBrand = await createBrandRule(config);
  const { SHADOW_REPORT_URL: url, SHADOW_REPORT_QUERIES: queries, VERSION_LABEL: label } = config;
  const readSha256 = () => slot.current?.card.sha256;
  const reporter =
    url === undefined ? url : createReporter({ url, queries, label, readSha256, metrics, log });
  const watch = await serveFolder(config, { slot, metrics, log });
  const app = createApp({
    slot,
    queue,
    metrics,
    log,
    traffic,
    findBrand,
    readVersion: createVersionReader(packageJson),
    bodyTimeoutMs: config.BODY_TIMEOUT_MS,
    reporter,
  });
  return {
    app,
    metricsApp: createMetricsApp(metrics.readRegistry),
    traffic,
    log,
    stopWatching: () => watch.stop(),
    stopReporting: async () => reporter?.stop(),
    release: () => slot.clear(),
  };
}

type ServeFolderOptions = Pick<Parameters<typeof watchFolder>[0], "slot" | "metrics" | "log">;

/** Puts the model of the folder in place, and those that follow it there. */
async function serveFolder(config: Config, options: ServeFolderOptions): Promise<Watch> {
  const folder = config.MODEL_DIR;
  const warmUp = buildWarmUp();
  const load = () => loadModel(folder, { contract: CONTRACT, label: config.VERSION_LABEL, warmUp });
  // Before the load: a folder that is replaced meanwhile must be seen to have changed.
  const marks = await readMarks(folder);
  const model = await load();
  await options.slot.put(model);
  options.metrics.describe(model);
  return watchFolder({ folder, pollMs: config.MODEL_POLL_MS, marks, load, ...options });
}
