// Everything of the program but its sockets: configuration → book → app.
import { createMetricsApp } from "@hookline/http-service/metrics-app";
import { createVersionReader } from "@hookline/lib-version";
import packageJson from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { readStyle } from "./asset.ts";
import type { Config } from "./config.ts";
import { createMetrics } from "./metrics.ts";
import { createReportBook } from "./report-book.ts";
import type { Summary } from "./summary.ts";

/** How long a summary is good for: several metrics ask for it in one scrape. */
const SUMMARY_MS = 1000;

interface CreateServiceOptions {
  readonly config: Config;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  /** Milliseconds since 1970, never falling. */
  readonly now?: () => number;
}

/** Wires the book, the metrics and the two apps together; nothing listens yet. */
export function createService({ config, log, now = readClock }: CreateServiceOptions) {
  const traffic = { draining: false };
  let summary: { readonly at: number; readonly value: Summary | undefined } | undefined;
  const metrics = createMetrics({
    readPending: () => book.pending,
    readSummary() {
      if (summary === undefined || now() - summary.at >= SUMMARY_MS) {
        summary = { at: now(), value: book.summarise("1h") };
      }
      return summary.value;
    },
  });
  const book = createReportBook({ settings: toSettings(config), now, listener: metrics });
  const app = createApp({
    book,
    metrics,
    log,
    readVersion: createVersionReader(packageJson),
    style: readStyle(),
    bodyTimeoutMs: config.BODY_TIMEOUT_MS,
    isDraining: () => traffic.draining,
  });
  return { app, metricsApp: createMetricsApp(() => metrics.registry), book, metrics, traffic };
}

function toSettings(config: Config) {
  return {
    pairWaitMs: config.PAIR_WAIT_MS,
    mostPending: config.MOST_PENDING,
    newWarnings: {
      tolerated: config.NEW_WARNINGS_TOLERATED,
      intolerable: config.NEW_WARNINGS_INTOLERABLE,
    },
    lostWarnings: {
      tolerated: config.LOST_WARNINGS_TOLERATED,
      intolerable: config.LOST_WARNINGS_INTOLERABLE,
    },
    falseReject: config.FALSE_REJECT,
    falsePromote: config.FALSE_PROMOTE,
    unpairedTolerated: config.UNPAIRED_TOLERATED,
    watchMs: config.WATCH_MINUTES * 60_000,
  };
}

/** Goes on evenly when someone sets the machine's clock. */
function readClock(): number {
  return performance.timeOrigin + performance.now();
}
