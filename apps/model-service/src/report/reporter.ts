// Tells shadow-report what was answered, so that it can pair the live model's answers with the shadow's.
import { describeError } from "@hookline/http-service";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Answer } from "../schemas.ts";
import { type Queries, redactExplanation, redactUrl } from "./redact.ts";
import { Ring } from "./ring.ts";

/** One answered prediction. */
export interface Prediction {
  readonly requestId: string;
  readonly mirrored: boolean;
  /** As the caller sent it; what is reported of it is decided when it is sent. */
  readonly url: string;
  readonly answer: Answer;
  readonly latencyMs: number;
}

/** One that waits to be sent. */
interface Waiting extends Prediction {
  /** What is reported of the answer's explanation, which the answer has no more. */
  readonly explanation?: ReturnType<typeof redactExplanation>;
  /** The beginning of the model's SHA-256: enough to tell models apart. */
  readonly digest?: string | undefined;
}

export interface Reporter {
  /**
   * Takes note of a prediction, unless a rule that it names left it unsure: then neither model decided what was
   * answered, and a difference between the two is one that no visitor sees. Never waits, never throws.
   */
  report(prediction: Prediction): void;
  /** Sends what is left, within a few seconds, and ends. */
  stop(): Promise<void>;
}

export interface ReporterOptions {
  /** Where shadow-report is, without a path. */
  readonly url: string;
  readonly queries: Queries;
  /** The label `version`; without it `v` and the model's major version. */
  readonly label?: string | undefined;
  /** The SHA-256 of the model that answers now: one trained anew may have the name and version of the one before. */
  readonly readSha256?: (() => string | undefined) | undefined;
  readonly metrics: Pick<Metrics, "reported">;
  readonly log: Log;
  readonly fetch?: (url: string, init: BunFetchRequestInit) => Promise<Response>;
  readonly holdMs?: number;
  readonly timeoutMs?: number;
}

/** The most predictions that wait: a few megabytes, and more than shadow-report would still pair. */
export const MOST_WAITING = 4096;
/** Rendered in one turn of the event loop, so that no answer waits for a whole batch. */
const TURN = 32;
/** What shadow-report takes at once: reports, and bytes with room for the envelope. */
const MOST_REPORTS = 500;
const MOST_BYTES = 1_000_000;
const HOLD_MS = 250;
const TIMEOUT_MS = 2000;
const MOST_PAUSE_MS = 30_000;
const DIGEST_DIGITS = 12;
/** Rules that leave an address unsure whatever the model says: no visitor sees where models differ. */
const UNASKED: ReadonlySet<string> = new Set(["shortener-rule", "private-host-rule"]);

/**
 * Sends predictions in batches: at 500, or 250 ms after the first. One batch is under way at a time.
 * A batch that fails is lost, not repeated: shadow-report waits for the other half of a pair for
 * seconds only. After a failure the pause doubles from 250 ms to 30 s, and meanwhile the newest wait.
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { metrics, queries, readSha256, holdMs = HOLD_MS, timeoutMs = TIMEOUT_MS } = options;
  const ring = new Ring<Waiting>(MOST_WAITING);
  const batches = createBatches(ring, options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | undefined;
  let stopped = false;
  for (const outcome of ["sent", "dropped", "failed"] as const) {
    metrics.reported(outcome, 0);
  }

  function schedule(): void {
    if (stopped || underWay !== undefined || ring.length === 0) {
      return;
    }
    const { failures } = batches;
    // More at once while the report is away would only be more failures.
    if (failures === 0 && ring.length >= MOST_REPORTS) {
      clearTimeout(timer);
      start();
      return;
    }
    const pause = failures === 0 ? holdMs : Math.min(holdMs * 2 ** failures, MOST_PAUSE_MS);
    timer ??= setTimeout(start, pause);
  }

  function start(): void {
    timer = undefined;
    underWay = batches.sendNext().finally(() => {
      underWay = undefined;
      schedule();
    });
  }

  return {
    report(prediction) {
      if (UNASKED.has(prediction.answer.decidedBy)) {
        return;
      }
      const digest = readSha256?.()?.slice(0, DIGEST_DIGITS);
      ring.push({ ...condense(prediction, queries), digest });
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
      await batches.sendRest(performance.now() + timeoutMs);
    },
  };
}

/** A prediction without what is not reported of its explanation: that of a long URL takes 100 KB, and thousands may wait. */
function condense(prediction: Prediction, queries: Queries): Waiting {
  const { url, answer } = prediction;
  const { explanation } = answer;
  if (explanation === undefined) {
    return prediction;
  }
  const { explanation: _, ...rest } = answer;
  const told = redactExplanation(explanation, { url, queries });
  return { ...prediction, answer: rest, explanation: told };
}

/** Sends what waits in the ring, a batch at a time; counts the failures since the last one that arrived. */
function createBatches(ring: Ring<Waiting>, options: ReporterOptions) {
  const { metrics, log } = options;
  const send = createSender(options);
  const batches = {
    failures: 0,
    async sendNext(): Promise<void> {
      if (ring.length === 0) {
        return;
      }
      const batch = await takeBatch(ring, options);
      metrics.reported("dropped", ring.takeDropped());
      try {
        await send(batch);
        metrics.reported("sent", batch.length);
        batches.failures = 0;
      } catch (error) {
        metrics.reported("failed", batch.length);
        if (batches.failures === 0) {
          log.write("warn", "report-away", { cause: describeError(error) });
        }
        batches.failures++;
      }
    },
    /** Also after a failure it is tried once more: the report may just have come back. */
    async sendRest(end: number): Promise<void> {
      do {
        await batches.sendNext();
      } while (ring.length > 0 && batches.failures === 0 && performance.now() < end);
    },
  };
  return batches;
}

/** The longest that have waited, as JSON, as many as one body holds. */
async function takeBatch(ring: Ring<Waiting>, options: ReporterOptions): Promise<string[]> {
  const batch: string[] = [];
  let bytes = 0;
  while (batch.length < MOST_REPORTS && bytes < MOST_BYTES - 10_000) {
    const prediction = ring.shift();
    if (prediction === undefined) {
      break;
    }
    const text = renderReport(prediction, options);
    bytes += Buffer.byteLength(text) + 1;
    batch.push(text);
    if (batch.length % TURN === 0) {
      await new Promise(setImmediate);
    }
  }
  return batch;
}

function renderReport(
  { requestId, mirrored, url, answer, latencyMs, explanation, digest }: Waiting,
  { queries, label }: ReporterOptions,
): string {
  const { model, prediction, confidence, decidedBy, probability } = answer;
  return JSON.stringify({
    requestId,
    role: mirrored ? "mirror" : "live",
    version: label ?? `v${model.version.split(".", 1)[0]}`,
    model: { ...model, digest },
    prediction,
    confidence,
    decidedBy,
    probability,
    latencyMs: Math.round(latencyMs * 1000) / 1000,
    url: redactUrl(url, queries),
    ...(explanation && { explanation }),
  });
}

function createSender({ url, fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS }: ReporterOptions) {
  const address = new URL("/reports", url).href;
  return async (batch: readonly string[]): Promise<void> => {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"reports":[${batch.join()}]}`,
      redirect: "error",
      // The report is no host that a proxy knows, and the URLs in it are for nobody else.
      proxy: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Read to its end, so that the connection is used again.
    await response.arrayBuffer();
    if (response.status !== 202) {
      throw new Error(`The report answered ${response.status}`);
    }
  };
}
