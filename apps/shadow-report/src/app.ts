// The wiring: reports in, window out, and the one place that catches.
import type { Version } from "@hookline/lib-version";
import { Hono, type MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { routePath } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import type { Asset } from "./asset.ts";
import { RequestError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import type { ReportBook } from "./report-book.ts";
import { healthzRoute } from "./routes/healthz.ts";
import { pageRoute } from "./routes/page.tsx";
import { readyzRoute } from "./routes/readyz.ts";
import { reportRoute } from "./routes/report.ts";
import { reportsRoute } from "./routes/reports.ts";
import { styleRoute } from "./routes/style.ts";
import { versionRoute } from "./routes/version.ts";

export interface CreateAppOptions {
  readonly book: ReportBook;
  readonly metrics: Pick<Metrics, "recordHttp">;
  readonly readVersion: () => Version;
  readonly style: Asset;
  readonly bodyTimeoutMs: number;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  readonly isDraining: () => boolean;
}

/** The program without a socket. */
export function createApp(options: CreateAppOptions): Hono {
  const { book, style, readVersion, bodyTimeoutMs, isDraining, log } = options;
  const app = new Hono();
  app.use(labelAnswers(options), secure());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed(c, methods) {
        c.header("allow", methods.join(", "));
        const message = `Here only ${methods.join(", ")} can be used`;
        return c.json({ error: { code: "METHOD_NOT_ALLOWED", message } }, 405);
      },
    }),
  );
  app.route("/", reportsRoute({ book, bodyTimeoutMs }));
  app.route("/", reportRoute({ book }));
  app.route("/", pageRoute({ book, style, readVersion }));
  app.route("/", styleRoute({ style }));
  app.route("/", healthzRoute());
  app.route("/", readyzRoute({ isDraining }));
  app.route("/", versionRoute({ readVersion }));
  app.notFound((c) =>
    c.json({ error: { code: "NOT_FOUND", message: "There is nothing at this path" } }, 404),
  );
  app.onError((error, c) => {
    if (error instanceof RequestError) {
      const { code, message, status } = error;
      // What is left of such a body is not read, so that the connection cannot be used again.
      if (code === "TOO_LARGE" || code === "SLOW_BODY") {
        c.header("connection", "close");
      }
      return c.json({ error: { code, message } }, status);
    }
    log({ event: "error", error: error.stack ?? String(error) });
    return c.json({ error: { code: "INTERNAL", message: "Something went wrong here" } }, 500);
  });
  return app;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function labelAnswers({ metrics, isDraining }: CreateAppOptions): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) {
      c.res.headers.set("cache-control", "no-store");
    }
    if (isDraining()) {
      c.res.headers.set("connection", "close");
    }
    const pattern = routePath(c, -1);
    metrics.recordHttp({
      method: METHODS.has(c.req.method) ? c.req.method : "other",
      route: pattern.endsWith("*") ? "unmatched" : pattern,
      status: c.res.status,
    });
  };
}

/** The page has no script and one stylesheet, and may be shown in no frame. */
function secure(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    strictTransportSecurity: false,
    permissionsPolicy: { camera: false, geolocation: false, microphone: false, payment: false },
  });
}
