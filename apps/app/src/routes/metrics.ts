import { Hono } from "hono";
import type { Metrics } from "../metrics.ts";

/** `GET /metrics`, for Prometheus; on a port of its own, which the gateway does not route to. */
export function createMetricsApp({ registry }: Metrics) {
  return new Hono().get("/metrics", async (c) =>
    c.body(await registry.metrics(), 200, { "content-type": registry.contentType }),
  );
}
