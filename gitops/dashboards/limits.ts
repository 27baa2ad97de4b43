import { buildDashboard, buildTimeseries } from "./panels.ts";

/** What the limiter let through and what not. */
export function buildLimits() {
  return buildDashboard({
    uid: "hookline-limits",
    title: "Limits",
    description:
      "100 requests a minute of everybody, 10 of each user, 10 of each address without one",
    panels: [...buildRefusals(), ...buildLimiter()],
  });
}

/** What was asked and what was refused, at the limiter and at the gateway. */
function buildRefusals() {
  return [
    rule("Asked", "Requests that each rule was asked about", "total_hits"),
    rule("Refused", "Requests over the limit", "over_limit"),
    rule("Near the limit", "Requests that came when four fifths were used up", "near_limit"),
    buildTimeseries({
      title: "429 at the gateway",
      description: "What the visitors saw of it, with the flag of Envoy's rate-limit filter",
      unit: "reqps",
      queries: [
        {
          expr: `sum(rate(istio_requests_total{reporter="source",source_workload="istio-ingressgateway",response_code="429",response_flags="RL"}[$__rate_interval]))`,
          legend: "refused",
        },
      ],
    }),
  ];
}

/** How the limiter itself is. */
function buildLimiter() {
  return [
    buildTimeseries({
      title: "Time of an answer of the limiter",
      description: "The gateway waits for it, 0.1 s at most",
      unit: "s",
      queries: [
        {
          expr: "histogram_quantile(0.99, sum by (le) (rate(ratelimit_service_response_time_seconds_bucket[$__rate_interval])))",
          legend: "99 % below",
        },
      ],
    }),
    buildTimeseries({
      title: "Errors of the limiter",
      description: "Mostly it has lost its Redis",
      unit: "reqps",
      queries: [
        {
          expr: "sum by (err_type) (rate(ratelimit_service_should_rate_limit_error[$__rate_interval]))",
          legend: "{{err_type}}",
        },
      ],
    }),
  ];
}

function rule(title: string, description: string, what: string) {
  return buildTimeseries({
    title,
    description,
    unit: "reqps",
    queries: [
      {
        expr: `sum by (key1, key2) (rate(ratelimit_service_rate_limit_${what}[$__rate_interval]))`,
        legend: "{{key1}} {{key2}}",
      },
    ],
  });
}
