import { buildDashboard, buildTimeseries } from "./panels.ts";

const GATEWAY = `reporter="source",source_workload="istio-ingressgateway"`;

/** Rate, errors and time of each hop: gateway, page, model. */
export function buildOverview() {
  return buildDashboard({
    uid: "hookline-overview",
    title: "Hookline overview",
    description: "Requests, errors and times of each hop, in the order of a request",
    panels: [...GATEWAY_PANELS, ...APP_PANELS, ...MODEL_PANELS],
  });
}

const GATEWAY_PANELS = [
  buildTimeseries({
    title: "Gateway: requests by version",
    description: "Where the gateway sends them. With the canary, nine in ten to v1.",
    unit: "reqps",
    width: 8,
    queries: [
      {
        expr: `sum by (destination_version) (rate(istio_requests_total{${GATEWAY}}[$__rate_interval]))`,
        legend: "{{destination_version}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Gateway: answers by status",
    description: "429 is the limiter's",
    unit: "reqps",
    width: 8,
    queries: [
      {
        expr: `sum by (response_code) (rate(istio_requests_total{${GATEWAY}}[$__rate_interval]))`,
        legend: "{{response_code}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Gateway: time to an answer",
    description: "As the visitor waits, less the way to the cluster",
    unit: "ms",
    width: 8,
    queries: quantiles(`istio_request_duration_milliseconds_bucket{${GATEWAY}}`),
  }),
];

const APP_PANELS = [
  buildTimeseries({
    title: "Page: requests by version",
    description: "Page and API, without probes",
    unit: "reqps",
    width: 8,
    queries: [
      {
        expr: `sum by (version) (rate(http_requests_total{route=~"/|/api/check"}[$__rate_interval]))`,
        legend: "{{version}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Page: server errors",
    description: "Share of the answers with a status of 500 or more",
    unit: "percentunit",
    width: 8,
    queries: [
      {
        // Without a single error there is no series of errors: that is nought, not nothing.
        expr: `(sum by (version) (rate(http_requests_total{status=~"5.."}[$__rate_interval])) or 0 * sum by (version) (rate(http_requests_total[$__rate_interval]))) / sum by (version) (rate(http_requests_total[$__rate_interval]))`,
        legend: "{{version}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Page: time to an answer",
    description: "With its call to the model",
    unit: "s",
    width: 8,
    queries: quantiles(`http_request_duration_seconds_bucket{route=~"/|/api/check"}`),
  }),
];

const MODEL_PANELS = [
  buildTimeseries({
    title: "Model: URLs answered",
    description: "Live and mirrored",
    unit: "reqps",
    width: 8,
    queries: [
      {
        expr: "sum by (version, mirrored) (rate(requests_to_model_total[$__rate_interval]))",
        legend: "{{version}}, mirrored: {{mirrored}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Model: calls that failed",
    description: "As the page saw them: it answered Unknown",
    unit: "reqps",
    width: 8,
    queries: [
      {
        expr: `sum by (outcome) (rate(model_call_outcomes_total{outcome!~"answered|rejected"}[$__rate_interval]))`,
        legend: "{{outcome}}",
      },
    ],
  }),
  buildTimeseries({
    title: "Model: time to an answer",
    description: "Inside the service, without the network",
    unit: "s",
    width: 8,
    queries: quantiles(`model_http_request_duration_seconds_bucket{route="/predict"}`),
  }),
];

function quantiles(buckets: string) {
  return [0.5, 0.95, 0.99].map((q) => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(${buckets}[$__rate_interval])))`,
    legend: `${q * 100} % below`,
  }));
}
