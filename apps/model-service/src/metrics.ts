import type { Registry } from "prom-client";
import { type AnswerDetails, declareAnswers } from "./metric-answers.ts";
import { createDeclarers, type Declarers } from "./metric-declare.ts";
import { declareModels, declareRuns } from "./metric-models.ts";
import { declareRequests, type RequestLabels } from "./metric-requests.ts";
import type { Model } from "./model/model.ts";
import type { Answer } from "./schemas.ts";

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
  const declare = createDeclarers();
  const { families, counter } = declare;
  declareState(declare, state);
  const errors = counter("model_errors_total", "Errors answered, also of each URL", "code");
  const reports = counter("model_reports_total", "Predictions for shadow-report", "outcome");
  let registry: Promise<Registry> | undefined;
  return {
    ...declareAnswers(declare),
    ...declareRequests(declare),
    ...declareRuns(declare),
    ...declareModels(declare),
    failed: (code) => void errors.cell({ code }).value++,
    reported(outcome, count) {
      reports.cell({ outcome }).value += count;
    },
    readRegistry() {
      registry ??= import("./metric-registry.ts").then(({ buildRegistry }) =>
        buildRegistry(families, { process }),
      );
      return registry;
    },
  };
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
