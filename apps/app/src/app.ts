// The wiring of the page: what every answer carries, the routes, and the one place that catches.
import { answerErrors, observeAnswers, probeRoutes } from "@hookline/http-service/hono";
import type { Version } from "@hookline/lib-version";
import { Hono, type MiddlewareHandler } from "hono";
import type { Assets } from "./assets.ts";
import type { Variant } from "./config.ts";
import type { AppDependencies } from "./dependencies.ts";
import { answerError } from "./error-answer.tsx";
import type { Metrics } from "./metrics.ts";
import type { ModelClient } from "./model-client.ts";
import { readRequestId } from "./propagation.ts";
import { apiCheckRoute } from "./routes/api-check.ts";
import { assetsRoute } from "./routes/assets.ts";
import { faviconRoute } from "./routes/favicon.ts";
import { pageRoute } from "./routes/page.tsx";
import { submitRoute } from "./routes/submit.tsx";
import { versionRoute } from "./routes/version.ts";
import { createSecureHeaders } from "./security.ts";

export interface CreateAppOptions {
  readonly variant: Variant;
  readonly modelClient: ModelClient;
  readonly metrics: Metrics;
  readonly version: Version;
  readonly assets: Assets;
  /** Takes one entry a fault; nothing of a visitor's URL is ever in it. */
  readonly log?: AppDependencies["log"];
  readonly isDraining?: () => boolean;
}

type Variables = { requestId: string };

/** The page and its JSON twin, without a socket. */
export function createApp(options: CreateAppOptions) {
  const { variant, version, assets, metrics, modelClient } = options;
  const { log = () => {}, isDraining = () => false } = options;
  const info = { variant, version, assets: assets.paths };
  const dependencies = { info, assets, metrics, modelClient, log };

  const app = new Hono<{ Variables: Variables }>();
  app.use(labelAnswers(variant));
  app.use(observeAnswers({ isDraining, record: metrics.recordHttp }), createSecureHeaders());
  answerErrors(app, {
    tell: (c, error) => answerError(c, info, error),
    onFault(error, c) {
      const requestId = c.get("requestId");
      log({ event: "error", requestId, error: error.stack ?? String(error) });
    },
  });
  app.route("/", pageRoute(dependencies));
  app.route("/", submitRoute(dependencies));
  app.route("/", apiCheckRoute(dependencies));
  app.route("/", assetsRoute(dependencies));
  app.route("/", faviconRoute(dependencies));
  // The model does not matter for readiness: without it the page still answers, with `Unknown`.
  app.route("/", probeRoutes({ isDraining }));
  app.route("/", versionRoute(dependencies));
  return app;
}

/** The variant and the request's id on every answer, whatever made it. */
function labelAnswers(variant: Variant): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const requestId = readRequestId(c.req.raw.headers);
    c.set("requestId", requestId);
    await next();
    c.res.headers.set("x-app-version", variant);
    c.res.headers.set("x-request-id", requestId);
  };
}
