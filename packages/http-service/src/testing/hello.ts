import { describeError, logLine, runService } from "@hookline/http-service";
import { listenVariables, readEnvironment } from "@hookline/http-service/config";
import { answerErrors, probeRoutes } from "@hookline/http-service/hono";
import { createMetricsApp } from "@hookline/http-service/metrics-app";
import { addProcessMetrics } from "@hookline/http-service/process-metrics";
import { Hono } from "hono";
import { Registry } from "prom-client";
import * as z from "zod/mini";

const schema = z.object(
  listenVariables({ PORT: 8080, METRICS_PORT: 9090, DRAIN_TIMEOUT_MS: 5000 }),
);
const traffic = { draining: false };

const app = new Hono();
answerErrors(app, { onFault: (error) => logLine({ event: "error", error: error.stack }) });
app.route("/", probeRoutes({ isDraining: () => traffic.draining }));
app.get("/", (c) => c.text("Hello"));

const registry = new Registry();
addProcessMetrics(registry);

try {
  runService(
    {
      fetch: app.fetch,
      metricsFetch: createMetricsApp(() => registry).fetch,
      traffic,
      bodyTimeoutMs: 10_000,
      log: (event, fields) => logLine({ event, ...fields }),
    },
    readEnvironment(process.env, { schema }),
  );
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}
