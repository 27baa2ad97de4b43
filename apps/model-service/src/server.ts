// The socket and the signals: configuration → model → app → two listeners → drain.
import { CONTRACT } from "@hookline/lib-ml";
import { readVersion } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import { createApp, type Traffic } from "./app.ts";
import { createBrandRule } from "./brand-rule.ts";
import { type Config, readConfig } from "./config.ts";
import { drain } from "./drain.ts";
import { createLog, describeError } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { createMetricsApp } from "./metrics-app.ts";
import { loadModel } from "./model/load-model.ts";
import { Queue } from "./model/queue.ts";
import { Slot } from "./model/slot.ts";
import { watchFolder } from "./model/watch-folder.ts";
import { buildWarmUp } from "./warm-up.ts";

/** What may wait for a reader of our log before lines are dropped, in characters. */
const MOST_LOG = 8 * 1024 * 1024;

async function start(config: Config): Promise<void> {
  const log = createLog({
    level: config.LOG_LEVEL,
    sink(text) {
      if (process.stdout.writableLength > MOST_LOG) {
        return false;
      }
      process.stdout.write(text);
      return true;
    },
  });
  const traffic: Traffic = { draining: false, active: 0 };
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
  const folder = config.MODEL_DIR;
  const warmUp = buildWarmUp();
  const load = () => loadModel(folder, { contract: CONTRACT, label: config.VERSION_LABEL, warmUp });
  const findBrand = await createBrandRule(config);
  const model = await load();
  await slot.put(model);
  metrics.describe(model);
  const app = createApp({
    slot,
    queue,
    metrics,
    log,
    traffic,
    findBrand,
    readVersion: remembered(() => readVersion(packageJson)),
    bodyTimeoutMs: config.BODY_TIMEOUT_MS,
  });
  const hostname = config.HOST;
  const server = listen("PORT", config, {
    fetch: app.fetch,
    // The app answers 413 itself, in JSON, and NDJSON has no end.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    idleTimeout: Math.min(255, Math.ceil(config.BODY_TIMEOUT_MS / 1000) + 5),
  });
  const { fetch } = createMetricsApp(metrics.registry);
  const metricsServer = listen("METRICS_PORT", config, { fetch });
  const watch = await watchFolder({
    folder,
    pollMs: config.MODEL_POLL_MS,
    load,
    slot,
    metrics,
    log,
  });
  const end = once(async (signal: string) => {
    log.write("info", "draining", { signal, active: traffic.active });
    await watch.stop();
    const clean = await drain({ config, traffic, server });
    await metricsServer.stop(true);
    await slot.clear();
    log.write("info", "stopped", { clean });
    log.flush();
    process.exit(0);
  });
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  const url = `http://${hostname}:${server.port}`;
  // Whoever starts us waits for this line, so that it is written whatever the log level.
  const listening = {
    event: "listening",
    url,
    metrics: `http://${hostname}:${metricsServer.port}`,
  };
  process.stdout.write(`${JSON.stringify(listening)}\n`);
}

interface ListenOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly maxRequestBodySize?: number;
  readonly idleTimeout?: number;
}

function listen(name: "PORT" | "METRICS_PORT", config: Config, options: ListenOptions) {
  const { HOST: hostname, [name]: port } = config;
  try {
    return Bun.serve({ ...options, hostname, port });
  } catch (error) {
    const wish = `set ${name} to a free port, or to 0 for any`;
    throw new Error(`Cannot listen on port ${port} of ${hostname}: ${wish}`, { cause: error });
  }
}

function remembered<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function once(act: (signal: string) => Promise<void>): (signal: string) => void {
  let begun = false;
  return (signal) => {
    if (!begun) {
      begun = true;
      void act(signal);
    }
  };
}

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(describeError(error));
  process.exit(1);
}
