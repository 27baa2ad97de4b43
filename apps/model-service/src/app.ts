// Wires the endpoints to a model; knows no socket, no environment and no file.
import {
  describeError,
  MESSAGE,
  ServiceError,
  type Traffic,
  tellLength,
} from "@hookline/http-service";
import type { Version } from "@hookline/lib-version";
import { Hono } from "hono";
import { logRequest } from "./access-log.ts";
import { Call } from "./http/call.ts";
import { isPath } from "./http/is-path.ts";
import { createBodyReader } from "./http/read-body.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Queue } from "./model/queue.ts";
import type { Slot } from "./model/slot.ts";
import { buildDocument } from "./openapi.ts";
import { type BrandRule, createPredictor } from "./predictor.ts";
import type { Reporter } from "./report/reporter.ts";
import { apidocs } from "./routes/apidocs.ts";
import { healthz } from "./routes/healthz.ts";
import { openapi } from "./routes/openapi.ts";
import { predict } from "./routes/predict.ts";
import { predictBatch } from "./routes/predict-batch.ts";
import { readyz } from "./routes/readyz.ts";
import type { Route } from "./routes/route.ts";
import { version } from "./routes/version.ts";

export interface AppOptions {
  readonly slot: Slot;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly findBrand: BrandRule;
  readonly readVersion: () => Version;
  readonly bodyTimeoutMs: number;
  /** Told of each prediction; nobody is when there is none. */
  readonly reporter?: Reporter | undefined;
}

/** What a socket needs of the app. */
export interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/**
 * The router. Each request is one handler without middleware, which is what Hono runs fastest.
 *
 * Nearly every request is a POST to /predict. It is told by two comparisons and goes straight to its
 * handler, the same that Hono has; all else, and every odd spelling of that path, goes through Hono.
 */
export function createApp(options: AppOptions): App {
  const hono = new Hono();
  const routes = createRoutes(options);
  const methods = new Map<string, string>();
  for (const route of routes) {
    const { method, path } = route;
    methods.set(path, method === "GET" ? "GET, HEAD" : method);
    hono.on(method, path, (c) => answerAny(options, new Call(c.req.raw, path), route.handle));
  }
  hono.notFound((c) => {
    const allow = methods.get(c.req.path);
    const call = new Call(c.req.raw, allow === undefined ? "none" : c.req.path);
    return answerAny(options, call, () => refuse(call, allow));
  });
  const [{ method, path, handle }] = routes;
  return {
    fetch: (request) =>
      request.method === method && isPath(request.url, path)
        ? answer(options, new Call(request, path), handle)
        : hono.fetch(request),
  };
}

function refuse(call: Call, allow: string | undefined): Response {
  if (allow === undefined) {
    return call.error(new ServiceError(MESSAGE.NOT_FOUND, { code: "NOT_FOUND" }));
  }
  const message = `This path takes ${allow}`;
  return call.error(new ServiceError(message, { code: "METHOD_NOT_ALLOWED", headers: { allow } }));
}

/** Answers, whatever is thrown; counts and times it, and writes its line. */
async function answer(
  options: AppOptions,
  call: Call,
  handle: (call: Call) => Response | Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    response = await handle(call);
  } catch (error) {
    response = tell(options.log, call, error);
  }
  if (options.traffic.draining) {
    response.headers.set("connection", "close");
  }
  record(options, call, response.status);
  return response;
}

/** The same for what goes through Hono, which answers HEAD with what GET gives, less the body. */
async function answerAny(...[options, call, handle]: Parameters<typeof answer>): Promise<Response> {
  const response = await answer(options, call, handle);
  if (call.request.method === "HEAD") {
    await tellLength(response);
  }
  return response;
}

/** The one place that catches: what a caller may know is answered, the rest is logged. */
function tell(log: Log, call: Call, error: unknown): Response {
  if (error instanceof ServiceError) {
    return call.error(error);
  }
  logFault(log, call, error);
  return call.error(new ServiceError(MESSAGE.INTERNAL, { code: "INTERNAL" }));
}

function logFault(log: Log, { requestId }: Call, error: unknown): void {
  log.write("error", "request-failed", { requestId, cause: describeError(error) });
}

function record({ metrics, log }: AppOptions, call: Call, status: number): void {
  const { route, errorCode } = call;
  const durationMs = performance.now() - call.begun;
  metrics.responded({ route, method: call.request.method, status }, durationMs / 1000);
  if (errorCode !== undefined) {
    metrics.failed(errorCode);
  }
  logRequest(log, call, { status, durationMs });
}

/** The busiest first. */
function createRoutes(options: AppOptions): readonly [Route, ...Route[]] {
  const { slot, traffic, readVersion, log, metrics } = options;
  const predictor = createPredictor(options);
  const bodies = createBodyReader({ timeoutMs: options.bodyTimeoutMs });
  const document = () => buildDocument({ routes, version: readVersion().version });
  const routes: readonly [Route, ...Route[]] = [
    predict({ predictor, bodies, reporter: options.reporter }),
    predictBatch({
      predictor,
      bodies,
      onFault(call, error) {
        logFault(log, call, error);
        metrics.failed("INTERNAL");
      },
    }),
    healthz(),
    readyz({ isReady: () => slot.current !== undefined && !traffic.draining }),
    version({ slot, readVersion }),
    openapi({ buildDocument: document }),
    apidocs({ buildDocument: document }),
  ];
  return routes;
}
