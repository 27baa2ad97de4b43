import { describeError } from "./describe-error.ts";
import { drain } from "./drain.ts";

/** What a socket asks of an app. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** Whether a program was asked to end: it is not ready any more, and its answers say `connection: close`. */
export interface Traffic {
  draining: boolean;
}

/** Where a program listens and how it ends; `listenVariables()` reads it from the environment. */
export interface ListenConfig {
  readonly HOST: string;
  readonly PORT: number;
  readonly METRICS_PORT: number;
  readonly DRAIN_DELAY_MS: number;
  readonly DRAIN_TIMEOUT_MS: number;
}

/** A program less its sockets and signals. */
export interface Service {
  readonly fetch: Fetch;
  /** What Prometheus asks, on a port of its own. */
  readonly metricsFetch: Fetch;
  readonly traffic: Traffic;
  /** The most that a body may take; connections are kept a little longer, so that the app can say so. */
  readonly bodyTimeoutMs: number;
  /** Writes an event of the program's life, at once: the process ends after the last. */
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Ends, before the drain, what should begin nothing more. */
  readonly onDraining?: () => Promise<void>;
  /** Ends the rest after the last answer, while the metrics can still be read. */
  readonly onDrained?: () => Promise<void>;
}

/**
 * Listens on both ports, prints the line that tells where, and ends the process on SIGTERM or SIGINT
 * without losing an answer. Throws an error that names the variable to set when a port is taken.
 */
export function runService(service: Service, config: ListenConfig): void {
  const { traffic, log } = service;
  const server = listen("PORT", config, {
    fetch: service.fetch,
    // The app refuses what is too large itself, in its own words and before it reads on.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    idleTimeout: idleSeconds(service.bodyTimeoutMs),
  });
  const metricsServer = listen("METRICS_PORT", config, { fetch: service.metricsFetch });

  async function end(signal: string): Promise<void> {
    if (traffic.draining) {
      return;
    }
    traffic.draining = true;
    log("draining", { signal, active: server.pendingRequests });
    await tryStep("onDraining", service.onDraining);
    const { DRAIN_DELAY_MS: delayMs, DRAIN_TIMEOUT_MS: limitMs } = config;
    const clean = await drain(server, { delayMs, limitMs });
    await tryStep("onDrained", service.onDrained);
    log("stopped", { clean });
    // A caller who stopped halfway is no fault of ours; that someone was cut off is in the log.
    process.exit(0);
  }

  /** What one step cannot do must not keep the process from ending as it should. */
  async function tryStep(step: string, run: (() => Promise<void>) | undefined): Promise<void> {
    try {
      await run?.();
    } catch (error) {
      log("error", { step, message: describeError(error) });
    }
  }
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // A log whose reader is gone, or whose disk is full, is lost; answers must not be lost with it.
  process.stdout.on("error", () => undefined);

  // Whoever starts us waits for this line, so that it is written whatever the log level.
  const { origin: url } = server.url;
  const { origin: metrics } = metricsServer.url;
  process.stdout.write(`${JSON.stringify({ event: "listening", url, metrics })}\n`);
}

/** How long a connection may be silent: Bun's ten seconds would cut a slow body before the app could say so. */
export function idleSeconds(bodyTimeoutMs: number): number {
  return Math.min(255, Math.ceil(bodyTimeoutMs / 1000) + 5);
}

/**
 * A request that names no host (of HTTP/1.0, as health checks of some balancers are, or with an empty one) has a mere
 * path for its address, in which no router finds its way: it gets a host.
 */
function addHost(fetch: Fetch): Fetch {
  return (request) =>
    request.url.startsWith("/")
      ? fetch(new Request(`http://localhost${request.url}`, request))
      : fetch(request);
}

interface ListenOptions {
  readonly fetch: Fetch;
  readonly maxRequestBodySize?: number;
  readonly idleTimeout?: number;
}

function listen(name: "PORT" | "METRICS_PORT", config: ListenConfig, options: ListenOptions) {
  const { HOST: hostname, [name]: port } = config;
  try {
    return Bun.serve({ ...options, fetch: addHost(options.fetch), hostname, port });
  } catch (error) {
    const wish = port === 0 ? "" : ` (set ${name} to a free port, or to 0 for any)`;
    throw new Error(`Cannot listen on ${hostname}:${port}${wish}`, { cause: error });
  }
}
