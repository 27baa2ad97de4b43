// Wires the endpoints to a model; knows no socket, no environment and no file.
import type { Version } from "@hookline/lib-version";
import { type Context, Hono } from "hono";
import { ServiceError } from "./errors.ts";
import { answerError, type Env } from "./http/context.ts";
import { createBodyReader } from "./http/read-body.ts";
import { isMirrored, readRequestId } from "./http/request-id.ts";
import { describeError, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Queue } from "./model/queue.ts";
import type { Slot } from "./model/slot.ts";
import { buildDocument } from "./openapi.ts";
import { type BrandRule, createPredictor } from "./predictor.ts";
import { apidocs } from "./routes/apidocs.ts";
import { healthz } from "./routes/healthz.ts";
import { openapi } from "./routes/openapi.ts";
import { predict } from "./routes/predict.ts";
import { predictBatch } from "./routes/predict-batch.ts";
import { readyz } from "./routes/readyz.ts";
import type { Route } from "./routes/route.ts";
import { version } from "./routes/version.ts";

/** Whether the process takes requests, and how many it has not answered yet. */
export interface Traffic {
  draining: boolean;
  active: number;
}

export interface AppOptions {
  readonly slot: Slot;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly findBrand: BrandRule;
  readonly readVersion: () => Version;
  readonly bodyTimeoutMs: number;
}

export function createApp(options: AppOptions) {
  const app = new Hono<Env>();
  const routes = createRoutes(options);
  app.use(observe(options));
  for (const route of routes) {
    app.on(route.method, route.path, (c) => {
      c.set("route", route.path);
      return route.handle(c);
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    app.all(path, (c) => refuseMethod(c, path, methods.join(", ").replace("GET", "GET, HEAD")));
  }
  app.notFound((c) => answerError(c, "NOT_FOUND", { message: "There is nothing at this path" }));
  app.onError((error, c) => {
    if (error instanceof ServiceError) {
      return answerError(c, error.code, error);
    }
    const requestId = c.get("requestId");
    options.log.write("error", "request-failed", { requestId, cause: describeError(error) });
    return answerError(c, "INTERNAL", { message: "Something went wrong here" });
  });
  return app;
}

function createRoutes(options: AppOptions): readonly Route[] {
  const { slot, traffic, readVersion } = options;
  const predictor = createPredictor(options);
  const bodies = createBodyReader({ timeoutMs: options.bodyTimeoutMs });
  const document = () => buildDocument({ routes, version: readVersion().version });
  const routes: readonly Route[] = [
    predict({ predictor, bodies }),
    predictBatch({ predictor, bodies }),
    healthz(),
    readyz({ isReady: () => slot.current !== undefined && !traffic.draining }),
    version({ slot, readVersion }),
    openapi({ buildDocument: document }),
    apidocs({ buildDocument: document }),
  ];
  return routes;
}

function refuseMethod(c: Context<Env>, path: string, allow: string): Response {
  c.set("route", path);
  return answerError(c, "METHOD_NOT_ALLOWED", {
    message: `This path takes ${allow}`,
    headers: { allow },
  });
}

/** Gives each request its id, counts and times it, and writes its line; probes only when debugging. */
function observe({ metrics, log, traffic }: AppOptions) {
  return async (c: Context<Env>, next: () => Promise<void>): Promise<void> => {
    const begun = performance.now();
    const { headers } = c.req.raw;
    c.set("requestId", readRequestId(headers.get("x-request-id")));
    c.set("mirrored", isMirrored(headers.get("host")));
    c.set("route", "none");
    traffic.active++;
    try {
      await next();
    } finally {
      traffic.active--;
    }
    const { method } = c.req;
    const { status } = c.res;
    const durationMs = performance.now() - begun;
    const route = c.get("route");
    if (traffic.draining) {
      c.res.headers.set("connection", "close");
    }
    metrics.ofRequests({ route, method, status }).answered(durationMs / 1000);
    const code = c.get("errorCode");
    if (code !== undefined) {
      metrics.failed(code);
    }
    log.write(route.endsWith("z") ? "debug" : "info", "request", {
      requestId: c.get("requestId"),
      method,
      route,
      status,
      durationMs: Math.round(durationMs * 1000) / 1000,
      mirrored: c.get("mirrored"),
      ...(code !== undefined && { code }),
      ...c.get("outcome"),
    });
  };
}
