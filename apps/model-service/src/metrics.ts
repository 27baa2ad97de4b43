import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Card } from "./model/card.ts";
import type { Model } from "./model/model.ts";
import { remember } from "./remember.ts";
import type { Answer } from "./schemas.ts";

/** Upper ends of the steps that the card's reference histograms use, so that both can be compared. */
const PROBABILITY_STEPS = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
/** A length is whole, so that "below 10" is "at most 9". */
const LENGTH_STEPS = [9, 14, 19, 24, 29, 39, 49, 59, 79, 99, 149, 199, 2047];
const LATENCY_STEPS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const RUN_STEPS = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32];

export interface Metrics {
  readonly registry: Registry;
  /** Counters of one version, live or mirrored, with their labels already looked up. */
  ofAnswers(version: string, mirrored: boolean): AnswerMetrics;
  ofRequests(labels: RequestLabels): RequestMetrics;
  /** One run of the model. */
  ran(urls: number, seconds: number): void;
  /** An error that was answered, in a batch too. */
  failed(code: string): void;
  /** A model folder was loaded, or refused. */
  swapped(outcome: "loaded" | "refused"): void;
  /** The model that answers from now on. */
  describe(model: Model): void;
}

export interface AnswerMetrics {
  /** One URL was answered; `characters` is the length of its canonical form. */
  answered(answer: Answer, characters: number): void;
}

export interface RequestLabels {
  readonly route: string;
  readonly method: string;
  readonly status: number;
}

export interface RequestMetrics {
  answered(seconds: number): void;
}

interface MetricsOptions {
  /** How many URLs wait now. */
  readonly queueLength: () => number;
  /** Whether this process would answer now. */
  readonly isReady: () => boolean;
  /** Whether to measure the process as well; tests leave that out. */
  readonly process?: boolean;
}

/**
 * Every metric of the program, in one place: dashboards, rules and documents are checked against it.
 *
 * `requests_to_model_total`, `model_phishing_detection_total` and `model_phishing_rate` keep the
 * names of the system that this one replaces. A URL counts once, alone or in a batch.
 */
export function createMetrics({ queueLength, isReady, process = false }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (process) {
    collectDefaultMetrics({ register: registry });
  }
  const answers = declareAnswerMetrics(registers);
  const requests = declareRequestMetrics(registers);
  const models = declareModelMetrics(registers);
  const runUrls = new Histogram({
    name: "model_run_urls",
    help: "URLs that one run of the model scored",
    buckets: RUN_STEPS,
    registers,
  });
  const runSeconds = new Histogram({
    name: "model_run_duration_seconds",
    help: "Time of one run of the model, with its wait for the event loop",
    buckets: LATENCY_STEPS,
    registers,
  });
  const errors = new Counter({
    name: "model_errors_total",
    help: "Errors answered, each URL of a batch by itself",
    labelNames: ["code"],
    registers,
  });
  new Gauge({
    name: "model_queue_urls",
    help: "URLs that wait for a run of the model",
    registers,
    collect() {
      this.set(queueLength());
    },
  });
  new Gauge({
    name: "model_ready",
    help: "1 while this process answers, 0 before its first model and while it drains",
    registers,
    collect() {
      this.set(isReady() ? 1 : 0);
    },
  });
  return {
    registry,
    ofAnswers: answers,
    ofRequests: requests,
    ...models,
    ran(urls, seconds) {
      runUrls.observe(urls);
      runSeconds.observe(seconds);
    },
    failed: (code) => errors.inc({ code }),
  };
}

type Registers = Registry[];

interface Counts {
  readonly labels: { readonly version: string; readonly mirrored: string };
  urls: number;
  phishing: number;
}

function declareAnswerMetrics(registers: Registers) {
  const labelNames = ["version", "mirrored"] as const;
  const counts: Counts[] = [];
  new Counter({
    name: "requests_to_model_total",
    help: "URLs that the model was asked about and answered",
    labelNames,
    registers,
    collect() {
      setCounts(this, counts, ({ urls }) => urls);
    },
  });
  new Counter({
    name: "model_phishing_detection_total",
    help: "URLs that were answered with Phishing",
    labelNames,
    registers,
    collect() {
      setCounts(this, counts, ({ phishing }) => phishing);
    },
  });
  new Gauge({
    name: "model_phishing_rate",
    help: "Share of all answers so far that were Phishing, in percent",
    labelNames,
    registers,
    collect() {
      for (const { labels, urls, phishing } of counts) {
        this.set(labels, urls === 0 ? 0 : (100 * phishing) / urls);
      }
    },
  });
  const verdicts = new Counter({
    name: "model_answers_total",
    help: "URLs answered, by verdict and by who decided",
    labelNames: [...labelNames, "verdict", "decided_by"],
    registers,
  });
  const probability = new Histogram({
    name: "model_probability",
    help: "Probabilities given, in the steps of the card's reference",
    labelNames,
    buckets: PROBABILITY_STEPS,
    registers,
  });
  const length = new Histogram({
    name: "model_url_characters",
    help: "Lengths of the canonical URLs, in the steps of the card's reference",
    labelNames,
    buckets: LENGTH_STEPS,
    registers,
  });
  return remember((version: string, mirrored: boolean): AnswerMetrics => {
    const labels = { version, mirrored: String(mirrored) };
    const count: Counts = { labels, urls: 0, phishing: 0 };
    counts.push(count);
    const observeProbability = probability.labels(labels);
    const observeLength = length.labels(labels);
    const byVerdict = remember((verdict: string, decidedBy: string) =>
      verdicts.labels({ ...labels, verdict, decided_by: decidedBy }),
    );
    return {
      answered(answer, characters) {
        count.urls++;
        count.phishing += answer.prediction === "Phishing" ? 1 : 0;
        byVerdict(verdictOf(answer), answer.decidedBy).inc();
        observeProbability.observe(answer.probability);
        observeLength.observe(characters);
      },
    };
  });
}

function setCounts(
  counter: Counter<"version" | "mirrored">,
  counts: readonly Counts[],
  read: (counts: Counts) => number,
): void {
  counter.reset();
  for (const count of counts) {
    counter.inc(count.labels, read(count));
  }
}

function verdictOf({ confidence, prediction }: Answer): string {
  return confidence === "unsure" ? "unsure" : prediction.toLowerCase();
}

function declareRequestMetrics(registers: Registers) {
  const total = new Counter({
    name: "model_http_requests_total",
    help: "HTTP requests answered, by pattern of the route",
    labelNames: ["route", "method", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "model_http_request_duration_seconds",
    help: "Time from a request's head to its answer's, in this process",
    labelNames: ["route"],
    buckets: LATENCY_STEPS,
    registers,
  });
  const byLabels = remember((route: string, method: string, status: number): RequestMetrics => {
    const count = total.labels({ route, method, status: String(status) });
    const duration = seconds.labels({ route });
    return {
      answered(value) {
        count.inc();
        duration.observe(value);
      },
    };
  });
  return ({ route, method, status }: RequestLabels) => byLabels(route, method, status);
}

function declareModelMetrics(registers: Registers) {
  const swaps = new Counter({
    name: "model_swaps_total",
    help: "Model folders that were found, by whether they were loaded or refused",
    labelNames: ["outcome"],
    registers,
  });
  swaps.inc({ outcome: "loaded" }, 0);
  swaps.inc({ outcome: "refused" }, 0);
  const info = new Gauge({
    name: "model_info",
    help: "1 for the model that answers",
    labelNames: ["version", "name", "model_version", "contract", "sha256"],
    registers,
  });
  const created = new Gauge({
    name: "model_created_timestamp_seconds",
    help: "When the model that answers was trained; time() less this is its age",
    labelNames: ["version"],
    registers,
  });
  const loaded = new Gauge({
    name: "model_loaded_timestamp_seconds",
    help: "When the model that answers was put in place",
    labelNames: ["version"],
    registers,
  });
  const reference = new Gauge({
    name: "model_reference_share",
    help: "Share of the training's test rows at or below le, by what was measured",
    labelNames: ["version", "of", "le"],
    registers,
  });
  return {
    swapped: (outcome: "loaded" | "refused") => swaps.inc({ outcome }),
    describe({ card, label: version }: Model) {
      for (const gauge of [info, created, loaded, reference]) {
        gauge.reset();
      }
      const { name, contract, sha256 } = card;
      info.set({ version, name, model_version: card.version, contract, sha256 }, 1);
      created.set({ version }, Date.parse(card.created) / 1000);
      loaded.set({ version }, Date.now() / 1000);
      for (const [of, { edges, shares }] of Object.entries(readReferences(card))) {
        let sum = 0;
        for (const [i, share] of shares.entries()) {
          sum += share;
          // As the histograms' own steps: a probability is rarely on an edge, a length is whole.
          const edge = edges[i + 1] ?? Number.POSITIVE_INFINITY;
          reference.set({ version, of, le: String(of === "length" ? edge - 1 : edge) }, sum);
        }
      }
    },
  };
}

function readReferences({ drift }: Card) {
  return { probability: drift.probability, length: drift.length };
}
