// The sockets and the signals: configuration → service → two listeners → drain.
import { type Config, readConfig } from "./config.ts";
import { drain } from "./drain.ts";
import { createService } from "./service.ts";

/** How often requests are looked for whose time to be paired is over, when nobody asks. */
const SETTLE_MS = 1000;

function log(entry: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...entry }));
}

function start(config: Config): void {
  const { app, metricsApp, book, traffic } = createService({ config, log });
  const server = listen("PORT", config, app.fetch);
  const metricsServer = listen("METRICS_PORT", config, metricsApp.fetch);
  const timer = setInterval(() => book.settle(), SETTLE_MS);

  async function end(signal: string): Promise<void> {
    if (traffic.draining) {
      return;
    }
    traffic.draining = true;
    log({ event: "draining", signal });
    const { DRAIN_DELAY_MS: delayMs, DRAIN_TIMEOUT_MS: limitMs } = config;
    const clean = await drain(server, { delayMs, limitMs });
    clearInterval(timer);
    await metricsServer.stop(true);
    log({ event: "stopped", clean });
    process.exit(0);
  }
  process.on("SIGTERM", end);
  process.on("SIGINT", end);

  const { origin: url } = server.url;
  const { origin: metrics } = metricsServer.url;
  console.log(JSON.stringify({ event: "listening", url, metrics }));
}

function listen(
  name: "PORT" | "METRICS_PORT",
  config: Config,
  fetch: (request: Request) => Response | Promise<Response>,
) {
  const { HOST: hostname, [name]: port } = config;
  try {
    // The app answers 413 itself, in JSON.
    return Bun.serve({ hostname, port, fetch, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
  } catch (error) {
    const wish = `set ${name} to a free port, or to 0 for any`;
    throw new Error(`Cannot listen on port ${port} of ${hostname}: ${wish}`, { cause: error });
  }
}

try {
  start(readConfig(process.env));
} catch (error) {
  // What the starter of a service needs is one sentence; all our own failures carry it as message.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
