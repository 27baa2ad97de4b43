import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { CellCounter, CellHistogram, type CounterCell } from "./metric-cells.ts";
import type { Model } from "./model/model.ts";
import type { Answer } from "./schemas.ts";

/** Upper ends of the steps of the cards' references; lengths are whole, "below 10" is "at most 9". */
const PROBABILITY_STEPS = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
const LENGTH_STEPS = [9, 14, 19, 24, 29, 39, 49, 59, 79, 99, 149, 199, 2047];
const LATENCY_STEPS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

export interface Metrics {
  readonly registry: Registry;
  /** One URL was answered, alone or in a batch. */
  answered(answer: Answer, about: AnswerDetails): void;
  /** One HTTP request was answered. */
  responded(labels: RequestLabels, seconds: number): void;
  /** One run of the model. */
  ran(urls: number, seconds: number): void;
  /** An error that was answered, in a batch too. */
  failed(code: string): void;
  /** A model folder was loaded, or refused. */
  swapped(outcome: "loaded" | "refused"): void;
  /** The model that answers from now on. */
  describe(model: Model): void;
}

interface AnswerDetails {
  readonly version: string;
  readonly mirrored: boolean;
  /** The length of the canonical URL. */
  readonly characters: number;
}

interface RequestLabels {
  /** The pattern, never the raw path. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
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
 * names of the system that this one replaces.
 */
export function createMetrics({ process = false, ...state }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (process) {
    collectDefaultMetrics({ register: registry });
  }
  declareState(registers, state);
  const errors = new Counter({
    name: "model_errors_total",
    help: "Errors answered, each URL of a batch by itself",
    labelNames: ["code"],
    registers,
  });
  return {
    registry,
    ...declareAnswers(registers),
    ...declareRequests(registers),
    ...declareRuns(registers),
    ...declareModels(registers),
    failed: (code) => errors.inc({ code }),
  };
}

function declareState(registers: Registry[], { queueLength, isReady }: MetricsOptions): void {
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
}

function declareAnswers(registers: Registry[]) {
  const labelNames = ["version", "mirrored"] as const;
  const cells = new Map<string, ReturnType<typeof createCells>>();
  const urls = new CellCounter({
    name: "requests_to_model_total",
    help: "URLs that the model was asked about and answered",
    labelNames,
    registers,
  });
  const phishing = new CellCounter({
    name: "model_phishing_detection_total",
    help: "URLs that were answered with Phishing",
    labelNames,
    registers,
  });
  new Gauge({
    name: "model_phishing_rate",
    help: "Share of all answers so far that were Phishing, in percent",
    labelNames,
    registers,
    collect() {
      for (const cell of cells.values()) {
        this.set(cell.labels, (100 * cell.phishing.value) / Math.max(1, cell.urls.value));
      }
    },
  });
  const verdicts = new CellCounter({
    name: "model_answers_total",
    help: "URLs answered, by verdict and by who decided",
    labelNames: [...labelNames, "verdict", "decided_by"] as const,
    registers,
  });
  const probability = new CellHistogram({
    name: "model_probability",
    help: "Probabilities given, in the steps of the card's reference",
    labelNames,
    buckets: PROBABILITY_STEPS,
    registers,
  });
  const length = new CellHistogram({
    name: "model_url_characters",
    help: "Lengths of the canonical URLs, in the steps of the card's reference",
    labelNames,
    buckets: LENGTH_STEPS,
    registers,
  });

  function createCells(version: string, mirrored: boolean) {
    const labels = { version, mirrored: String(mirrored) };
    const ofVerdict = (verdict: string) => ({
      model: verdicts.cell({ ...labels, verdict, decided_by: "model" }),
      "brand-rule": verdicts.cell({ ...labels, verdict, decided_by: "brand-rule" }),
    });
    return {
      labels,
      urls: urls.cell(labels),
      phishing: phishing.cell(labels),
      verdicts: {
        Phishing: ofVerdict("phishing"),
        Legitimate: ofVerdict("legitimate"),
        unsure: ofVerdict("unsure"),
      },
      probability: probability.cell(labels),
      length: length.cell(labels),
    };
  }
  return {
    answered: ((answer, about) => {
      const key = about.mirrored ? `${about.version} mirrored` : about.version;
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = createCells(about.version, about.mirrored);
        cells.set(key, cell);
      }
      const { prediction, confidence, decidedBy } = answer;
      cell.urls.value++;
      cell.phishing.value += prediction === "Phishing" ? 1 : 0;
      cell.verdicts[confidence === "unsure" ? "unsure" : prediction][decidedBy].value++;
      cell.probability.observe(answer.probability);
      cell.length.observe(about.characters);
    }) satisfies Metrics["answered"],
  };
}

/** A caller may send any word. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function declareRequests(registers: Registry[]) {
  const total = new CellCounter({
    name: "model_http_requests_total",
    help: "HTTP requests answered, by pattern of the route",
    labelNames: ["route", "method", "status"] as const,
    registers,
  });
  const seconds = new CellHistogram({
    name: "model_http_request_duration_seconds",
    help: "Time from a request's head to its answer's, in this process",
    labelNames: ["route"] as const,
    buckets: LATENCY_STEPS,
    registers,
  });
  const counts = new Map<string, CounterCell>();
  const durations = new Map<string, ReturnType<typeof seconds.cell>>();
  return {
    responded({ route, method: given, status }: RequestLabels, duration: number): void {
      const method = METHODS.has(given) ? given : "other";
      const key = `${status} ${method} ${route}`;
      let count = counts.get(key);
      if (count === undefined) {
        count = total.cell({ route, method, status: String(status) });
        counts.set(key, count);
      }
      count.value++;
      let cell = durations.get(route);
      if (cell === undefined) {
        cell = seconds.cell({ route });
        durations.set(route, cell);
      }
      cell.observe(duration);
    },
  };
}

function declareRuns(registers: Registry[]) {
  const urls = new CellHistogram({
    name: "model_run_urls",
    help: "URLs that one run of the model scored",
    labelNames: [],
    buckets: [1, 2, 4, 8, 12, 16, 20, 24, 28, 32],
    registers,
  }).cell({});
  const seconds = new CellHistogram({
    name: "model_run_duration_seconds",
    help: "Time of one run of the model, with its wait for the event loop",
    labelNames: [],
    buckets: LATENCY_STEPS,
    registers,
  }).cell({});
  return {
    ran(count: number, duration: number): void {
      urls.observe(count);
      seconds.observe(duration);
    },
  };
}

function declareModels(registers: Registry[]) {
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
      for (const [of, { edges, shares }] of Object.entries({
        probability: card.drift.probability,
        length: card.drift.length,
      })) {
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
