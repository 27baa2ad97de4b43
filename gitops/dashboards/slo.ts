import { buildDashboard, buildStat, buildTimeseries } from "./panels.ts";

const BUDGET = 0.005;
const WINDOWS = ["5m", "30m", "1h", "6h"];

/** How fast the error budget burns. */
export function buildSlo() {
  return buildDashboard({
    uid: "hookline-slo",
    title: "Error budget",
    description: "99.5 % of the requests in 30 days are answered without a server error",
    panels: [
      buildTimeseries({
        title: "Burn rate",
        description:
          "How many times faster than allowed. 1 uses up the budget in 30 days; alerts tell of 14.4 for an hour and of 6 for six hours.",
        unit: "short",
        width: 24,
        queries: WINDOWS.map((window) => ({
          expr: `hookline:gateway_error_ratio:rate${window} / ${BUDGET}`,
          legend: window,
        })),
      }),
      buildStat({
        title: "Failed in six hours",
        description: "Share of the requests",
        unit: "percentunit",
        queries: [{ expr: "hookline:gateway_error_ratio:rate6h", legend: "{{namespace}}" }],
      }),
      buildTimeseries({
        title: "What failed",
        description: "Server errors by status and by Envoy's reason",
        unit: "reqps",
        queries: [
          {
            expr: `sum by (response_code, response_flags) (rate(istio_requests_total{reporter="source",source_workload="istio-ingressgateway",response_code=~"5.."}[$__rate_interval]))`,
            legend: "{{response_code}} {{response_flags}}",
          },
        ],
      }),
    ],
  });
}
