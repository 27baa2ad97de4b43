import type { HttpAnswer } from "@hookline/http-service/hono";
import { addProcessMetrics } from "@hookline/http-service/process-metrics";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { VERDICTS } from "./comparison/verdict.ts";
import type { Pair, Verdict } from "./pairing/pair.ts";
import { OUTCOMES, type Outcome } from "./pairing/pairer.ts";
import type { Report, Role } from "./pairing/report.ts";
import type { Summary } from "./summary.ts";

// Every metric of the program is declared here, and nowhere else; dashboards and rules are checked
// against this list. No label holds what a caller chose.

const LATENCY_BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
];
const SCORE_BUCKETS = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const ROLES = ["live", "mirror"] as const satisfies Role[];
const WORDS = {
  Phishing: "phishing",
  Unsure: "unsure",
  Legitimate: "legitimate",
} as const satisfies Record<Verdict, string>;

export interface Metrics {
  readonly registry: Registry;
  reported(report: Report): void;
  repeated(): void;
  settled(outcome: Outcome, pair: Pair | undefined): void;
  recordHttp(answer: HttpAnswer): void;
}

/** What is known now; asked for when Prometheus asks. */
export interface MetricsState {
  /** Of the last hour; undefined until there is a pair. */
  readonly readSummary: () => Summary | undefined;
  readonly readPending: () => number;
}

/** A registry of its own for each program, so that tests can run many side by side. */
export function createMetrics(state: MetricsState): Metrics {
  const registry = new Registry();
  const registers = [registry];
  createStateMetrics(registers, state);
  addProcessMetrics(registry);
  const http = new Counter({
    name: "shadow_http_requests_total",
    help: "HTTP requests answered, by pattern of the route",
    labelNames: ["method", "route", "status"],
    registers,
  });
  return {
    registry,
    ...createReportMetrics(registers),
    settled: createPairMetrics(registers),
    recordHttp: ({ method, route, status }) => http.inc({ method, route, status }),
  };
}

function createReportMetrics(registers: Registry[]): Pick<Metrics, "reported" | "repeated"> {
  const reports = new Counter({
    name: "shadow_reports_total",
    help: "Predictions reported",
    labelNames: ["role"],
    registers,
  });
  const latency = new Histogram({
    name: "shadow_latency_seconds",
    help: "Time the models took, from a request to its answer",
    labelNames: ["role"],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const repeated = new Counter({
    name: "shadow_repeated_reports_total",
    help: "Reports that said again what was known, as of a request that was tried again",
    registers,
  });
  for (const role of ROLES) {
    reports.inc({ role }, 0);
    latency.zero({ role });
  }
  return {
    reported({ role, latencyMs }) {
      reports.inc({ role });
      latency.observe({ role }, latencyMs / 1000);
    },
    repeated: () => repeated.inc(),
  };
}

function createPairMetrics(registers: Registry[]): Metrics["settled"] {
  const requests = new Counter({
    name: "shadow_requests_total",
    help: "Requests whose time to be paired is over, by what became of them",
    labelNames: ["outcome"],
    registers,
  });
  const pairs = new Counter({
    name: "shadow_pairs_total",
    help: "Pairs by what a visitor would read of the live and of the mirrored model, unsure being a verdict of its own, and whether they agree",
    labelNames: ["live", "mirror", "agreed"],
    registers,
  });
  const score = new Histogram({
    name: "shadow_score_difference",
    help: "How far the two probabilities of a pair are apart, without sign",
    buckets: SCORE_BUCKETS,
    registers,
  });
  for (const outcome of OUTCOMES) {
    requests.inc({ outcome }, 0);
  }
  for (const live of Object.values(WORDS)) {
    for (const mirror of Object.values(WORDS)) {
      pairs.inc({ live, mirror, agreed: String(live === mirror) }, 0);
    }
  }
  return (outcome, pair) => {
    requests.inc({ outcome });
    if (pair === undefined) {
      return;
    }
    const live = WORDS[pair.live.verdict];
    const mirror = WORDS[pair.mirror.verdict];
    pairs.inc({ live, mirror, agreed: String(live === mirror) });
    score.observe(Math.abs(pair.mirror.probability - pair.live.probability));
  };
}

function createStateMetrics(registers: Registry[], state: MetricsState): void {
  const { readSummary, readPending } = state;
  new Gauge({
    name: "shadow_pending_requests",
    help: "Requests that wait for their time to be over",
    registers,
    collect() {
      this.set(readPending());
    },
  });
  new Gauge({
    name: "shadow_agreement_ratio",
    help: "Share of the pairs of the last hour with one verdict of three, and its 95 % interval (Wilson)",
    labelNames: ["bound"],
    registers,
    collect() {
      const agreement = readSummary()?.agreement;
      this.reset();
      if (agreement?.share !== undefined) {
        this.set({ bound: "estimate" }, agreement.share);
        this.set({ bound: "low" }, agreement.interval.low);
        this.set({ bound: "high" }, agreement.interval.high);
      }
    },
  });
  createVerdictMetrics(registers, state);
}

function createVerdictMetrics(registers: Registry[], { readSummary }: MetricsState): void {
  new Gauge({
    name: "shadow_verdict",
    help: "1 for what the sequential tests say of the mirrored model",
    labelNames: ["verdict"],
    registers,
    collect() {
      const said = readSummary()?.verdict.verdict ?? "keep watching";
      for (const verdict of VERDICTS) {
        this.set({ verdict: verdict.replace(" ", "_") }, verdict === said ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: "shadow_test_log_ratio",
    help: "Log likelihood ratio of each test; rejects at the top, passes at the bottom",
    labelNames: ["test"],
    registers,
    collect() {
      const verdict = readSummary()?.verdict;
      this.set({ test: "new_warnings" }, verdict?.newWarnings.logRatio ?? 0);
      this.set({ test: "lost_warnings" }, verdict?.lostWarnings.logRatio ?? 0);
    },
  });
}
