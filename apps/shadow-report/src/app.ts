// The wiring: reports in, window out, and the one place that catches.
import { answerErrors, guardPage, observeAnswers, probeRoutes } from "@hookline/http-service/hono";
import type { Version } from "@hookline/lib-version";
import { Hono } from "hono";
import type { Asset } from "./asset.ts";
import type { Metrics } from "./metrics.ts";
import type { ReportBook } from "./report-book.ts";
import { pageRoute } from "./routes/page.tsx";
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
  app.use(observeAnswers({ isDraining, record: options.metrics.recordHttp }));
  // The page has no script, and its icon is none.
  app.use(guardPage({ allow: { imgSrc: ["'self'", "data:"] } }));
  answerErrors(app, {
    onFault: (error) => log({ event: "error", error: error.stack ?? String(error) }),
  });
  app.route("/", reportsRoute({ book, bodyTimeoutMs }));
  app.route("/", reportRoute({ book }));
  app.route("/", pageRoute({ book, style, readVersion }));
  app.route("/", styleRoute({ style }));
  app.route("/", probeRoutes({ isDraining }));
  app.route("/", versionRoute({ readVersion }));
  return app;
}
