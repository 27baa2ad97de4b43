// The sockets and the signals: configuration → app → two listeners → drain.
import { describeError, logLine, runService } from "@hookline/http-service";
import { createMetricsApp } from "@hookline/http-service/metrics-app";
import { readVersion } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { buildAssets } from "./assets.ts";
import { BODY_LIMITS } from "./body-limits.ts";
import { type Config, readConfig } from "./config.ts";
import { createMetrics } from "./metrics.ts";
import { createModelClient } from "./model-client.ts";

async function start(config: Config): Promise<void> {
  const { MODEL_URL: modelUrl, MODEL_TIMEOUT_MS: modelTimeoutMs, VARIANT: variant } = config;
  const traffic = { draining: false };
  const metrics = createMetrics({ variant });
  const app = createApp({
    variant,
    metrics,
    modelClient: createModelClient({ modelUrl, modelTimeoutMs }),
    version: readVersion(packageJson),
    assets: await buildAssets(),
    log: logLine,
    isDraining: () => traffic.draining,
  });
  runService(
    {
      fetch: app.fetch,
      metricsFetch: createMetricsApp(() => metrics.registry).fetch,
      traffic,
      bodyTimeoutMs: BODY_LIMITS.timeoutMs,
      log: (event, fields) => logLine({ event, ...fields }),
    },
    config,
  );
}

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(describeError(error));
  process.exit(1);
}
