// The wiring of the page: what every answer carries, the routes, and the one place that catches.
import type { Version } from "@hookline/lib-version";
import { Hono, type MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { routePath } from "hono/route";
import type { Assets } from "./assets.ts";
import type { Config } from "./config.ts";
import type { AppDependencies } from "./dependencies.ts";
import { answerError } from "./error-answer.tsx";
import { RequestError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelClient } from "./model-client.ts";
import { readRequestId } from "./propagation.ts";
import { apiCheckRoute } from "./routes/api-check.ts";
import { assetsRoute } from "./routes/assets.ts";
import { faviconRoute } from "./routes/favicon.ts";
import { healthzRoute } from "./routes/healthz.ts";
import { pageRoute } from "./routes/page.tsx";
import { readyzRoute } from "./routes/readyz.ts";
import { submitRoute } from "./routes/submit.tsx";
import { versionRoute } from "./routes/version.ts";
import { createSecureHeaders } from "./security.ts";

export interface CreateAppOptions {
  readonly config: Pick<Config, "variant">;
  readonly modelClient: ModelClient;
  readonly metrics: Metrics;
  readonly version: Version;
  readonly assets: Assets;
  /** Takes one entry a fault; nothing of a visitor's URL is ever in it. */
  readonly log?: AppDependencies["log"];
  readonly isDraining?: AppDependencies["isDraining"];
}

type Variables = { requestId: string };

/** The page and its JSON twin, without a socket. */
export function createApp(options: CreateAppOptions) {
  const { config, version, assets, metrics, modelClient } = options;
  const { log = () => {}, isDraining = () => false } = options;
  const info = { variant: config.variant, version, assets: assets.paths };
  const dependencies = { info, assets, metrics, modelClient, log, isDraining };

  const app = new Hono<{ Variables: Variables }>();
  app.use(labelAnswers(dependencies), createSecureHeaders());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed(c, methods) {
        const message = `Here only ${methods.join(", ")} can be used`;
        c.header("allow", methods.join(", "));
        return answerError(c, info, { status: 405, code: "METHOD_NOT_ALLOWED", message });
      },
    }),
  );
  app.route("/", pageRoute(dependencies));
  app.route("/", submitRoute(dependencies));
  app.route("/", apiCheckRoute(dependencies));
  app.route("/", assetsRoute(dependencies));
  app.route("/", faviconRoute(dependencies));
  app.route("/", healthzRoute());
  app.route("/", readyzRoute(dependencies));
  app.route("/", versionRoute(dependencies));
  app.notFound((c) => {
    const message = "There is no such page";
    return answerError(c, info, { status: 404, code: "NOT_FOUND", message });
  });
  app.onError((error, c) => {
    if (error instanceof RequestError) {
      // What is left of such a body is not read, so that the connection cannot be used again.
      if (UNREAD.has(error.code)) c.header("connection", "close");
      return answerError(c, info, error);
    }
    const requestId = c.get("requestId");
    log({ event: "error", requestId, error: error.stack ?? String(error) });
    const message = "Something went wrong on our side";
    return answerError(c, info, { status: 500, code: "INTERNAL", message });
  });
  return app;
}

const UNREAD: ReadonlySet<string> = new Set(["TOO_LARGE", "SLOW_BODY"]);
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Version, request id and caching on every answer, whatever made it; and the request's metrics. */
function labelAnswers({ info, metrics, isDraining }: AppDependencies): MiddlewareHandler<{
  Variables: Variables;
}> {
  return async (c, next) => {
    const started = performance.now();
    const requestId = readRequestId(c.req.raw.headers);
    c.set("requestId", requestId);
    await next();
    c.res.headers.set("x-app-version", info.variant);
    c.res.headers.set("x-request-id", requestId);
    // What is not a file with its hash in the name is about one visitor, or about now.
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
    if (isDraining()) c.res.headers.set("connection", "close");
    const pattern = routePath(c, -1);
    metrics.recordHttp({
      method: METHODS.has(c.req.method) ? c.req.method : "other",
      route: pattern.endsWith("*") ? "unmatched" : pattern,
      status: c.res.status,
      seconds: (performance.now() - started) / 1000,
    });
  };
}
