import type { HttpAnswer } from "@hookline/http-service/hono";
import { addProcessMetrics } from "@hookline/http-service/process-metrics";
import { Counter, Gauge, Histogram, Registry, Summary } from "prom-client";
import { GUESSES, type Guess, type Verdict } from "./check.ts";
import type { Variant } from "./config.ts";
import type { UnknownReason } from "./model-client.ts";

// Every metric of the page is declared here, and nowhere else; dashboards and rules are checked
// against this list. The first eleven have the names of the original (prom-client adds no `_total`).

/** Default buckets of the Python client, which the original's histogram had. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const VERDICTS = ["Phishing", "Legitimate", "Unsure", "Unknown"] as const satisfies Verdict[];
const MODEL_CALL_OUTCOMES = [
  "answered",
  "rejected",
  "unreachable",
  "timeout",
  "overloaded",
  "failed",
  "invalid-answer",
] as const satisfies ("answered" | "rejected" | UnknownReason["code"])[];

export interface ModelCall {
  readonly outcome: (typeof MODEL_CALL_OUTCOMES)[number];
  readonly seconds: number;
}

export interface RecordedCheck {
  readonly verdict: Verdict;
  readonly guess: Guess | null;
  readonly agreed: boolean | null;
}

export interface Metrics {
  readonly registry: Registry;
  recordPage(): void;
  recordSubmission(): void;
  recordModelCall(call: ModelCall): void;
  recordCheck(check: RecordedCheck): void;
  recordHttp(answer: HttpAnswer): void;
}

/** A registry of its own for each program, so that tests can run many side by side. */
export function createMetrics({ variant }: { readonly variant: Variant }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ version: variant });
  const registers = [registry];
  const recordCheck = createCheckMetrics(registers);
  const recordModelCall = createModelCallMetrics(registers);
  const recordHttp = createHttpMetrics(registers);
  addProcessMetrics(registry);

  const pages = new Counter({
    name: "page_requests_total",
    help: "Pages asked for with GET /",
    registers,
  });
  const submissions = new Counter({
    name: "model_requests_total",
    help: "URLs handed in with POST / or POST /api/check",
    registers,
  });
  return {
    registry,
    recordPage: () => pages.inc(),
    recordSubmission: () => submissions.inc(),
    recordModelCall,
    recordCheck,
    recordHttp,
  };
}

/** What the rates are quotients of, so that they fall as well as rise (row S26). */
type CheckCounts = Record<
  "judged" | "phishing" | "guessed" | "phishingGuesses" | "compared" | "same",
  number
>;

function createCheckMetrics(registers: Registry[]): Metrics["recordCheck"] {
  const count = { judged: 0, phishing: 0, guessed: 0, phishingGuesses: 0, compared: 0, same: 0 };
  const { phishing, phishingGuesses, same, lastGuess } = createCheckCounters(registers);
  createRates(registers, count);
  const experiment = createExperiment(registers);
  return ({ verdict, guess, agreed }) => {
    experiment.inc({ guess: guess ?? "none", verdict });
    if (verdict !== "Unknown") count.judged += 1;
    if (verdict === "Phishing") {
      count.phishing += 1;
      phishing.inc();
    }
    if (guess !== null) count.guessed += 1;
    if (guess === "phishing") {
      count.phishingGuesses += 1;
      phishingGuesses.inc();
    }
    if (agreed === null) return;
    count.compared += 1;
    lastGuess.set(agreed ? 1 : 0);
    if (agreed) {
      count.same += 1;
      same.inc();
    }
  };
}

function createCheckCounters(registers: Registry[]) {
  return {
    phishing: new Counter({
      name: "phishing_detection_total",
      help: "URLs that the model called phishing",
      registers,
    }),
    phishingGuesses: new Counter({
      name: "user_phishing_guess_total",
      help: "Guesses that were phishing",
      registers,
    }),
    same: new Counter({
      name: "user_same_guess_total",
      help: "Guesses that a sure verdict agreed with",
      registers,
    }),
    lastGuess: new Gauge({
      name: "user_guess_status",
      help: "1 if the last compared guess agreed with the model, else 0",
      registers,
    }),
  };
}

function createRates(registers: Registry[], count: Readonly<CheckCounts>): void {
  const rates: readonly [name: string, help: string, () => readonly [number, number]][] = [
    [
      "phishing_rate",
      "Share of judged URLs called phishing, in per cent",
      () => [count.phishing, count.judged],
    ],
    [
      "user_phishing_guess_rate",
      "Share of guesses that were phishing, in per cent",
      () => [count.phishingGuesses, count.guessed],
    ],
    [
      "user_same_guess_rate",
      "Share of compared guesses that agreed, in per cent",
      () => [count.same, count.compared],
    ],
  ];
  for (const [name, help, read] of rates) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const [part, whole] = read();
        this.set(whole === 0 ? 0 : (100 * part) / whole);
      },
    });
  }
}

function createExperiment(registers: Registry[]) {
  const experiment = new Counter({
    name: "experiment_checks_total",
    help: "Answers by guess and verdict; with version, the table of the button experiment",
    labelNames: ["guess", "verdict"],
    registers,
  });
  for (const guess of [...GUESSES, "none"]) {
    for (const verdict of VERDICTS) experiment.inc({ guess, verdict }, 0);
  }
  return experiment;
}

function createModelCallMetrics(registers: Registry[]): Metrics["recordModelCall"] {
  const summary = new Summary({
    name: "model_request_summary",
    help: "Time of calls to the model in seconds",
    // The original's client gave count and sum only.
    percentiles: [],
    registers,
  });
  const histogram = new Histogram({
    name: "model_request_histogram",
    help: "Time of calls to the model in seconds",
    buckets: BUCKETS,
    registers,
  });
  const outcomes = new Counter({
    name: "model_call_outcomes_total",
    help: "Calls to the model by what came of them",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of MODEL_CALL_OUTCOMES) outcomes.inc({ outcome }, 0);
  return ({ outcome, seconds }) => {
    summary.observe(seconds);
    histogram.observe(seconds);
    outcomes.inc({ outcome });
  };
}

function createHttpMetrics(registers: Registry[]): Metrics["recordHttp"] {
  const requests = new Counter({
    name: "http_requests_total",
    help: "Answers by method, route pattern and status",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to an answer in seconds, by route pattern",
    labelNames: ["method", "route"],
    buckets: BUCKETS,
    registers,
  });
  return ({ method, route, status, seconds }) => {
    requests.inc({ method, route, status });
    durations.observe({ method, route }, seconds);
  };
}
