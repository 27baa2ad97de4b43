import { Hono } from "hono";
import type { Metrics } from "../metrics.ts";

/** `GET /metrics`, for Prometheus; on a port of its own. */
export function createMetricsApp({ registry }: Pick<Metrics, "registry">) {
  return new Hono().get("/metrics", async (c) =>
    c.body(await registry.metrics(), 200, { "content-type": registry.contentType }),
  );
}
