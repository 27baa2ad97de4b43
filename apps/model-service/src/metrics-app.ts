// The second listener, for Prometheus only: what it tells is not for the callers of the model.
import { Hono } from "hono";
import { errorBody } from "./errors.ts";
import type { Metrics } from "./metrics.ts";

export function createMetricsApp(metrics: Metrics) {
  const app = new Hono();
  app.get("/metrics", async (c) => {
    const registry = await metrics.readRegistry();
    return c.body(await registry.metrics(), 200, { "content-type": registry.contentType });
  });
  app.all("/metrics", (c) => {
    c.header("allow", "GET, HEAD");
    return c.json(errorBody("METHOD_NOT_ALLOWED", "This path takes GET, HEAD"), 405);
  });
  app.notFound((c) => c.json(errorBody("NOT_FOUND", "There is nothing at this path"), 404));
  return app;
}
