import type { Registry } from "prom-client";
import { type Buckets, type Cell, Family, HistogramFamily } from "./metric-cells.ts";
import { createProcessFamilies } from "./metric-process.ts";
import type { Model } from "./model/model.ts";
import type { Answer } from "./schemas.ts";

/** Upper ends of the steps of the cards' references; lengths are whole, "below 10" is "at most 9". */
const PROBABILITY_STEPS = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
const LENGTH_STEPS = [9, 14, 19, 24, 29, 39, 49, 59, 79, 99, 149, 199, 2047];
const LATENCY_STEPS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const RUN_STEPS = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32];

export interface Metrics {
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
  /** Predictions that were, or were not, handed on to shadow-report. */
  reported(outcome: "sent" | "dropped" | "failed", count: number): void;
  /** The model that answers from now on. */
  describe(model: Model): void;
  /** All of it for Prometheus. The first call loads prom-client; counting does not need it. */
  readRegistry(): Promise<Registry>;
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
  const families: (Family | HistogramFamily)[] = [];
  const counter: Declare = (name, help, ...labelNames) => {
    const family = new Family("counter", { name, help, labelNames });
    families.push(family);
    return family;
  };
  const gauge: DeclareGauge = (name, { help, labelNames = [], collect }) => {
    const family = new Family("gauge", { name, help, labelNames }, collect);
    families.push(family);
    return family;
  };
  const histogram: DeclareHistogram = (name, { help, labelNames = [], steps }) => {
    const family = new HistogramFamily({ name, help, labelNames }, steps);
    families.push(family);
    return family;
  };
  const declare = { counter, gauge, histogram };
  declareState(declare, state);
  const errors = counter("model_errors_total", "Errors answered, also of each URL", "code");
  const reports = counter("model_reports_total", "Predictions for shadow-report", "outcome");
  let registry: Promise<Registry> | undefined;
  return {
    ...declareAnswers(declare),
    ...declareRequests(declare),
    ...declareModels(declare),
    failed: (code) => void errors.cell({ code }).value++,
    reported(outcome, count) {
      reports.cell({ outcome }).value += count;
    },
    readRegistry() {
      registry ??= import("./metric-registry.ts").then(({ buildRegistry }) =>
        buildRegistry(process ? [...families, ...createProcessFamilies()] : families),
      );
      return registry;
    },
  };
}

type Declare = (name: string, help: string, ...labelNames: readonly string[]) => Family;
type DeclareGauge = (
  name: string,
  options: { help: string; labelNames?: readonly string[]; collect?: () => void },
) => Family;
type DeclareHistogram = (
  name: string,
  options: { help: string; labelNames?: readonly string[]; steps: readonly number[] },
) => HistogramFamily;

interface Declarers {
  readonly counter: Declare;
  readonly gauge: DeclareGauge;
  readonly histogram: DeclareHistogram;
}

function declareState({ gauge }: Declarers, { queueLength, isReady }: MetricsOptions): void {
  const waiting = gauge("model_queue_urls", {
    help: "URLs that wait for a run of the model",
    collect() {
      waiting.cell({}).value = queueLength();
    },
  });
  const ready = gauge("model_ready", {
    help: "1 while this process answers, 0 before its first model and while it drains",
    collect() {
      ready.cell({}).value = isReady() ? 1 : 0;
    },
  });
}

function declareAnswers({ counter, gauge, histogram }: Declarers) {
  const labelNames = ["version", "mirrored"];
  const sets = new Map<string, ReturnType<typeof createSet>>();
  const urls = counter(
    "requests_to_model_total",
    "URLs that the model was asked about and answered",
    ...labelNames,
  );
  const phishing = counter(
    "model_phishing_detection_total",
    "URLs that were answered with Phishing",
    ...labelNames,
  );
  const rate = gauge("model_phishing_rate", {
    help: "Share of all answers so far that were Phishing, in percent",
    labelNames,
    collect() {
      for (const set of sets.values()) {
        rate.cell(set.labels).value = (100 * set.phishing.value) / set.urls.value;
      }
    },
  });
  const verdicts = counter(
    "model_answers_total",
    "URLs answered, by verdict and by who decided",
    ...[...labelNames, "verdict", "decided_by"],
  );
  const probability = histogram("model_probability", {
    help: "Probabilities given, in the steps of the card's reference",
    labelNames,
    steps: PROBABILITY_STEPS,
  });
  const length = histogram("model_url_characters", {
    help: "Lengths of the canonical URLs, in the steps of the card's reference",
    labelNames,
    steps: LENGTH_STEPS,
  });
  function createSet(version: string, mirrored: boolean) {
    const labels = { version, mirrored: String(mirrored) };
    const ofVerdict = (verdict: string) => ({
      model: verdicts.cell({ ...labels, verdict, decided_by: "model" }),
      "brand-rule": verdicts.cell({ ...labels, verdict, decided_by: "brand-rule" }),
      "shortener-rule": verdicts.cell({ ...labels, verdict, decided_by: "shortener-rule" }),
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
  const answered: Metrics["answered"] = (answer, { version, mirrored, characters }) => {
    const key = mirrored ? `${version} mirrored` : version;
    const set = sets.get(key) ?? createSet(version, mirrored);
    sets.set(key, set);
    const { prediction, confidence, decidedBy } = answer;
    set.urls.value++;
    set.phishing.value += prediction === "Phishing" ? 1 : 0;
    set.verdicts[confidence === "unsure" ? "unsure" : prediction][decidedBy].value++;
    set.probability.observe(answer.probability);
    set.length.observe(characters);
  };
  return { answered };
}

/** A caller may send any word. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function declareRequests({ counter, histogram }: Declarers) {
  const total = counter(
    "model_http_requests_total",
    "HTTP requests answered, by pattern of the route",
    ...["route", "method", "status"],
  );
  const seconds = histogram("model_http_request_duration_seconds", {
    help: "Time from a request's head to its answer's, in this process",
    labelNames: ["route"],
    steps: LATENCY_STEPS,
  });
  const counts = new Map<string, Cell>();
  const durations = new Map<string, Buckets>();
  const responded: Metrics["responded"] = ({ route, method: given, status }, duration) => {
    const key = `${status} ${given} ${route}`;
    let count = counts.get(key);
    if (count === undefined) {
      const method = METHODS.has(given) ? given : "other";
      count = total.cell({ route, method, status: String(status) });
      if (method === given) {
        counts.set(key, count);
      }
    }
    count.value++;
    const buckets = durations.get(route) ?? seconds.cell({ route });
    durations.set(route, buckets);
    buckets.observe(duration);
  };
  return { responded };
}

function declareModels({ counter, gauge, histogram }: Declarers) {
  const steps = RUN_STEPS;
  const urls = histogram("model_run_urls", { help: "URLs of one run of the model", steps }).cell(
    {},
  );
  const seconds = histogram("model_run_duration_seconds", {
    help: "Time of one run of the model, with its wait for the event loop",
    steps: LATENCY_STEPS,
  }).cell({});
  const swaps = counter(
    "model_swaps_total",
    "Model folders found, by what became of them",
    "outcome",
  );
  const outcomes = {
    loaded: swaps.cell({ outcome: "loaded" }),
    refused: swaps.cell({ outcome: "refused" }),
  };
  const info = gauge("model_info", {
    help: "1 for the model that answers",
    labelNames: ["version", "name", "model_version", "contract", "sha256"],
  });
  const created = gauge("model_created_timestamp_seconds", {
    help: "When the model that answers was trained; time() less this is its age",
    labelNames: ["version"],
  });
  const loaded = gauge("model_loaded_timestamp_seconds", {
    help: "When the model that answers was put in place",
    labelNames: ["version"],
  });
  const reference = gauge("model_reference_share", {
    help: "Share of the training's test rows at or below le, by what was measured",
    labelNames: ["version", "of", "le"],
  });
  return {
    ran(count: number, duration: number): void {
      urls.observe(count);
      seconds.observe(duration);
    },
    swapped: (outcome: keyof typeof outcomes) => void outcomes[outcome].value++,
    describe({ card, label: version }: Model): void {
      for (const family of [info, created, loaded, reference]) {
        family.cells = [];
      }
      const { name, contract, sha256, drift } = card;
      info.cell({ version, name, model_version: card.version, contract, sha256 }).value = 1;
      created.cell({ version }).value = Date.parse(card.created) / 1000;
      loaded.cell({ version }).value = Date.now() / 1000;
      for (const of of ["probability", "length"] as const) {
        let sum = 0;
        for (const [i, share] of drift[of].shares.entries()) {
          sum += share;
          const edge = Number(drift[of].edges[i + 1]);
          const le = String(of === "length" ? edge - 1 : edge);
          reference.cell({ version, of, le }).value = sum;
        }
      }
    },
  };
}
