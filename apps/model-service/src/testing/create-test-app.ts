import { readMetric } from "@hookline/http-service/testing";
import { type AppOptions, createApp } from "../app.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import type { Model } from "../model/model.ts";
import { Queue } from "../model/queue.ts";
import { Slot } from "../model/slot.ts";
import { FakeModel } from "./fake-model.ts";

interface CreateTestAppOptions extends Partial<AppOptions> {
  readonly model?: Model | undefined;
  readonly queueLimit?: number;
}

/** The app as the server wires it, less the socket and the files. */
export function createTestApp(options: CreateTestAppOptions = {}) {
  const model = "model" in options ? options.model : new FakeModel();
  const { slot = new Slot(model), queueLimit = 4096 } = options;
  const { log, readLog } = createTestLog();
  const metrics = createMetrics({ queueLength: () => queue.length, isReady: () => true });
  const queue = new Queue({ slot, limit: queueLimit, onRun: metrics.ran });
  const traffic = { draining: false };
  const { fetch } = createApp({
    slot,
    queue,
    metrics,
    log,
    traffic,
    findBrand: () => undefined,
    readVersion: () => ({ name: "@hookline/model-service", version: "9.8.7", revision: "abc" }),
    bodyTimeoutMs: 5000,
    ...options,
  });
  /** Asks the app as a socket would, of a path. */
  const request = (path: string, init?: RequestInit) =>
    Promise.resolve(fetch(new Request(`http://localhost${path}`, init)));
  return {
    app: { request },
    slot,
    queue,
    metrics,
    traffic,
    readLog,
    /** Posts a value as JSON, or a text as it is. */
    post(path: string, body: unknown, headers: Record<string, string> = {}) {
      return request(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    },
    /** The value of one line of the metrics, NaN when it is not there. */
    readMetric: async (line: string) => readMetric(await metrics.readRegistry(), line),
  };
}

function createTestLog() {
  const lines: string[] = [];
  const log = createLog({
    level: "debug",
    sink(text) {
      lines.push(...text.trimEnd().split("\n"));
      return true;
    },
  });
  const readLog = () => {
    log.flush();
    return lines.map((line) => JSON.parse(line));
  };
  return { log, readLog };
}
