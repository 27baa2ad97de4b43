// The second listener, for Prometheus only: what it tells is not for the callers of the program.
import { Hono } from "hono";
import { errorBody, MESSAGE } from "./errors.ts";
import { tellLength } from "./tell-length.ts";

/** What is asked of a registry of prom-client. */
interface Registry {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** An app that answers `GET /metrics` and nothing else. */
export function createMetricsApp(readRegistry: () => Registry | Promise<Registry>): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (c.req.method === "HEAD") {
      await tellLength(c.res);
    }
  });
  app.get("/metrics", async (c) => {
    const registry = await readRegistry();
    return c.body(await registry.metrics(), 200, { "content-type": registry.contentType });
  });
  app.all("/metrics", (c) => {
    c.header("allow", "GET, HEAD");
    return c.json(errorBody("METHOD_NOT_ALLOWED", "This path takes GET, HEAD"), 405);
  });
  app.notFound((c) => c.json(errorBody("NOT_FOUND", MESSAGE.NOT_FOUND), 404));
  return app;
}
