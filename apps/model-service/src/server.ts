// The sockets and the signals: configuration → service → two listeners → drain.
import { type Config, readConfig } from "./config.ts";
import { drain } from "./drain.ts";
import { describeError } from "./log.ts";
import { createService } from "./service.ts";

async function start(config: Config): Promise<void> {
  const service = await createService(config);
  const { app, metricsApp, traffic, log } = service;
  const server = listen("PORT", config, {
    fetch: app.fetch,
    // The app answers 413 itself, in JSON, and NDJSON has no end.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    idleTimeout: Math.min(255, Math.ceil(config.BODY_TIMEOUT_MS / 1000) + 5),
  });
  const metricsServer = listen("METRICS_PORT", config, { fetch: metricsApp.fetch });

  let ending = false;
  async function end(signal: string): Promise<void> {
    if (ending) {
      return;
    }
    ending = true;
    log.write("info", "draining", { signal, active: traffic.active });
    await service.stopWatching();
    const clean = await drain({ config, traffic, server });
    await service.stopReporting();
    await metricsServer.stop(true);
    await service.release();
    log.write("info", "stopped", { clean });
    log.flush();
    process.exit(0);
  }
  process.on("SIGTERM", end);
  process.on("SIGINT", end);

  // Whoever starts us waits for this line, so that it is written whatever the log level.
  const { origin: url } = server.url;
  const { origin: metrics } = metricsServer.url;
  process.stdout.write(`${JSON.stringify({ event: "listening", url, metrics })}\n`);
}

interface ListenOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly maxRequestBodySize?: number;
  readonly idleTimeout?: number;
}

function listen(name: "PORT" | "METRICS_PORT", config: Config, options: ListenOptions) {
  const { HOST: hostname, [name]: port } = config;
  try {
    return Bun.serve({ ...options, hostname, port });
  } catch (error) {
    const wish = `set ${name} to a free port, or to 0 for any`;
    throw new Error(`Cannot listen on port ${port} of ${hostname}: ${wish}`, { cause: error });
  }
}

async function main(): Promise<void> {
  try {
    await start(readConfig(process.env));
  } catch (error) {
    console.error(describeError(error));
    process.exit(1);
  }
}

void main();
