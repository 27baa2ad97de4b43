// The sockets and the signals: configuration → service → two listeners → drain.
import { describeError, logLine, runService } from "@hookline/http-service";
import { type Config, readConfig } from "./config.ts";
import { createService } from "./service.ts";

/** How often requests are looked for whose time to be paired is over, when nobody asks. */
const SETTLE_MS = 1000;

function start(config: Config): void {
  const { app, metricsApp, book, traffic } = createService({ config, log: logLine });
  setInterval(() => book.settle(), SETTLE_MS);
  runService(
    {
      fetch: app.fetch,
      metricsFetch: metricsApp.fetch,
      traffic,
      bodyTimeoutMs: config.BODY_TIMEOUT_MS,
      log: (event, fields) => logLine({ event, ...fields }),
    },
    config,
  );
}

try {
  start(readConfig(process.env));
} catch (error) {
  console.error(describeError(error));
  process.exit(1);
}
