import { readVersion } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { buildAssets } from "./assets.ts";
import { type Config, readConfig } from "./config.ts";
import { drain } from "./drain.ts";
import { createMetrics } from "./metrics.ts";
import { createModelClient } from "./model-client.ts";
import { createMetricsApp } from "./routes/metrics.ts";

// Answers under way at SIGTERM have a second at most (the model's time limit); this is for slow readers.
const DRAIN_LIMIT_MS = 5_000;

function log(entry: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...entry }));
}

function listen(
  hostname: string,
  { name, port }: { readonly name: "METRICS_PORT" | "PORT"; readonly port: number },
  fetch: (request: Request) => Response | Promise<Response>,
) {
  try {
    // The app refuses what is too large itself, with its own headers and before it reads on.
    return Bun.serve({ hostname, port, fetch, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
  } catch (cause) {
    const why = String(cause instanceof Error ? cause.message : cause);
    const wish = port === 0 ? "" : `; set ${name}= to a free port, or to 0 for any`;
    throw new Error(`Cannot listen on ${hostname}:${port}: ${why}${wish}`, { cause });
  }
}

async function start(config: Config): Promise<void> {
  let draining = false;
  const metrics = createMetrics(config);
  const app = createApp({
    config,
    metrics,
    modelClient: createModelClient(config),
    version: readVersion(packageJson),
    assets: await buildAssets(),
    log,
    isDraining: () => draining,
  });
  const metricsServer = listen(
    config.host,
    { name: "METRICS_PORT", port: config.metricsPort },
    createMetricsApp(metrics).fetch,
  );
  const server = listen(config.host, { name: "PORT", port: config.port }, app.fetch);
  log({ event: "listening", url: server.url.origin, metrics: metricsServer.url.origin });

  async function end(signal: string): Promise<void> {
    if (draining) return;
    draining = true;
    log({ event: "draining", signal });
    const clean = await drain(server, { delayMs: config.drainDelayMs, limitMs: DRAIN_LIMIT_MS });
    await metricsServer.stop(true);
    log({ event: "stopped", clean });
    // A visitor who stopped halfway is no fault of ours; that someone was cut off is in the log.
    process.exit(0);
  }
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  // What the starter of a service needs is one sentence; all our own failures carry it as message.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
