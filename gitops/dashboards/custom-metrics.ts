import { buildDashboard, buildStat, buildTimeseries, type PanelOptions } from "./panels.ts";

/** The 17 panels of the original, by version where it went by the names of pods. */
export function buildCustomMetrics() {
  return buildDashboard({
    uid: "hookline-custom-metrics",
    title: "Custom Metrics Dashboard",
    description: "What the page counts, by version of the page",
    panels: [...PROCESS, ...COUNTS, STATUS, ...RATES, ...AVERAGES, ...TIMES],
  });
}

const PROCESS = [
  buildTimeseries({
    title: "CPU Usage",
    description:
      "CPU cores that each process uses. (The original plotted the time that the node was idle.)",
    unit: "short",
    queries: [
      { expr: "rate(process_cpu_seconds_total[$__rate_interval])", legend: "{{job}} {{instance}}" },
    ],
  }),
  buildTimeseries({
    title: "Memory Usage",
    description: "Resident memory of each process",
    unit: "bytes",
    queries: [{ expr: "process_resident_memory_bytes", legend: "{{job}} {{instance}}" }],
  }),
];

const COUNTS = [
  count("Page Request Count", "Pages asked for", "page_requests_total"),
  count("Model Request Count", "URLs handed in", "model_requests_total"),
  count("Phishing Count", "URLs that the model called phishing", "phishing_detection_total"),
  count("User Phishing Guess Count", "Guesses that were phishing", "user_phishing_guess_total"),
  count("User Same Guess Count", "Guesses that the model agreed with", "user_same_guess_total"),
];

function count(title: string, description: string, metric: string) {
  return buildTimeseries({
    title,
    description: `${description}, since the pods of the version started`,
    unit: "short",
    width: 8,
    queries: [{ expr: `sum by (version) (${metric})`, legend: "{{version}}" }],
  });
}

const STATUS = buildStat({
  title: "User Guess Agree Status Gauge",
  description: "1 if the last guess agreed with the model, else 0",
  unit: "short",
  width: 8,
  queries: [{ expr: "max by (version) (user_guess_status)", legend: "{{version}}" }],
});

const RATES = [
  rate("Phishing Rate", "Share of URLs called phishing", "phishing_rate"),
  rate(
    "User Phishing Guess Rate",
    "Share of guesses that were phishing",
    "user_phishing_guess_rate",
  ),
  rate("User Same Guess Rate", "Share of guesses that agreed", "user_same_guess_rate"),
];

function rate(title: string, description: string, metric: string) {
  return buildTimeseries({
    ...share(title, `${description}, pod by pod`),
    queries: [{ expr: metric, legend: "{{version}} {{instance}}" }],
  });
}

const AVERAGES = [
  average(
    "Average Phishing Rate",
    "Share of URLs called phishing",
    "phishing_detection_total",
    "model_requests_total",
  ),
  average(
    "Average User Phishing Guess Rate",
    "Share of guesses that were phishing",
    "user_phishing_guess_total",
    'experiment_checks_total{guess!="none"}',
  ),
  average(
    "Average User Same Guess Rate",
    "Share of compared guesses that agreed",
    "user_same_guess_total",
    'experiment_checks_total{guess!="none",verdict=~"Phishing|Legitimate"}',
  ),
];

/** Over all pods: counts are added before they are divided, so that a busy pod counts for more. */
function average(title: string, description: string, part: string, whole: string) {
  return buildTimeseries({
    ...share(title, `${description}, over all pods of the version`),
    queries: [
      {
        expr: `100 * sum by (version) (${part}) / sum by (version) (${whole})`,
        legend: "{{version}}",
      },
    ],
  });
}

function share(title: string, description: string): PanelOptions {
  return { title, description, unit: "percent", width: 8, queries: [] };
}

const TIMES = [
  buildTimeseries({
    title: "Model Request durations Summary",
    description: "Mean time of a call to the model",
    unit: "s",
    width: 8,
    queries: [
      {
        expr: "sum by (version) (rate(model_request_summary_sum[$__rate_interval])) / sum by (version) (rate(model_request_summary_count[$__rate_interval]))",
        legend: "{{version}}",
      },
    ],
  }),
  histogram("v1"),
  histogram("v2"),
];

function histogram(version: string) {
  const quantile = (q: number) => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(model_request_histogram_bucket{version="${version}"}[$__rate_interval])))`,
    legend: `${q * 100} % below`,
  });
  return buildTimeseries({
    title: `Model Request Histogram ${version}`,
    description: `Times of calls to the model from ${version} of the page`,
    unit: "s",
    width: 8,
    queries: [quantile(0.5), quantile(0.9), quantile(0.99)],
  });
}
