import { buildDashboard, buildStat, buildTimeseries } from "./panels.ts";

const BY = "sum by (version, mirrored)";
const LEGEND = `{{version}}, mirrored: {{mirrored}}`;

/** The four panels of the original, and how much the two models differ at least. */
export function buildShadow() {
  return buildDashboard({
    uid: "hookline-shadow",
    title: "Custom Metrics Dashboard for Shadow Launch",
    description: "The live model against the one that gets a copy of each request",
    panels: [
      buildTimeseries({
        title: "Model Request Count",
        description: "URLs that each model answered. Equal, if every request is mirrored.",
        unit: "short",
        queries: [{ expr: `${BY} (requests_to_model_total)`, legend: LEGEND }],
      }),
      buildTimeseries({
        title: "Phishing Count",
        description: "URLs that each model called phishing",
        unit: "short",
        queries: [{ expr: `${BY} (model_phishing_detection_total)`, legend: LEGEND }],
      }),
      buildTimeseries({
        title: "Phishing Rate",
        description: "Share of URLs called phishing, pod by pod, since its start",
        unit: "percent",
        queries: [{ expr: "model_phishing_rate", legend: "{{version}} {{instance}}" }],
      }),
      buildTimeseries({
        title: "Average Phishing Rate",
        description: "Share of URLs called phishing now, over all pods",
        unit: "percentunit",
        queries: [{ expr: shareNow(""), legend: LEGEND }],
      }),
      buildStat({
        title: "They differ on at least",
        description:
          "The difference of the two shares of phishing in 15 minutes. Both models get the same URLs, so they differ on that share of them or on more.",
        unit: "percentunit",
        queries: [{ expr: LEAST_DISAGREEMENT, legend: "" }],
      }),
      buildTimeseries({
        title: "Mirrored",
        description: "Share of the live requests of which the shadow got a copy",
        unit: "percentunit",
        queries: [
          {
            expr: `sum(rate(requests_to_model_total{mirrored="true"}[$__rate_interval])) / sum(rate(requests_to_model_total{mirrored="false"}[$__rate_interval]))`,
            legend: "mirrored",
          },
        ],
      }),
    ],
  });
}

function shareNow(selector: string): string {
  return `${BY} (rate(model_phishing_detection_total${selector}[$__rate_interval])) / ${BY} (rate(requests_to_model_total${selector}[$__rate_interval]))`;
}

function shareOf(mirrored: boolean): string {
  const selector = `{mirrored="${mirrored}"}[15m]`;
  return `sum(rate(model_phishing_detection_total${selector})) / sum(rate(requests_to_model_total${selector}))`;
}

const LEAST_DISAGREEMENT = `abs(${shareOf(true)} - ${shareOf(false)})`;
