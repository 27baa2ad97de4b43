import { buildDashboard, buildStat, buildTimeseries } from "./panels.ts";

const BY = "sum by (version, mirrored)";
const LEGEND = `{{version}}, mirrored: {{mirrored}}`;

/** The four panels of the original, and what shadow-report finds. */
export function buildShadow() {
  return buildDashboard({
    uid: "hookline-shadow",
    title: "Custom Metrics Dashboard for Shadow Launch",
    description: "The live model against the one that gets a copy of each request",
    panels: [...buildCounts(), ...buildComparison(), ...buildConditions()],
  });
}

/** What the two models answered: the four panels of the original. */
function buildCounts() {
  return [
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
  ];
}

/** What the pairs of their answers say. */
function buildComparison() {
  return [
    buildStat({
      title: "Verdict",
      description:
        "What shadow-report's sequential tests say of the shadow since its first pair: the line that is 1. Its page tells why.",
      unit: "short",
      queries: [{ expr: "shadow_verdict", legend: "{{verdict}}" }],
    }),
    buildTimeseries({
      title: "Agreement",
      description:
        "Share of the pairs of the last hour with one verdict of three (legitimate, unsure, phishing), paired by request, and the ends of its 95 % interval (Wilson)",
      unit: "percentunit",
      queries: [{ expr: "shadow_agreement_ratio", legend: "{{bound}}" }],
    }),
    buildTimeseries({
      title: "Disagreement",
      description:
        "Share of the pairs that differ: phishing from the shadow only is a new warning, from the live model only a lost one; legitimate against unsure is neither",
      unit: "percentunit",
      queries: [
        {
          expr: `sum by (live, mirror) (rate(shadow_pairs_total{agreed="false"}[$__rate_interval])) / ignoring (live, mirror) group_left () sum (rate(shadow_pairs_total[$__rate_interval]))`,
          legend: "live {{live}}, shadow {{mirror}}",
        },
      ],
    }),
  ];
}

/** Under which conditions they are compared. */
function buildConditions() {
  return [
    buildTimeseries({
      title: "Latency of the two models",
      description: "95 % of the answers took no longer, as the model services measure it",
      unit: "s",
      queries: [
        {
          expr: "histogram_quantile(0.95, sum by (role, le) (rate(shadow_latency_seconds_bucket[$__rate_interval])))",
          legend: "{{role}}",
        },
      ],
    }),
    buildTimeseries({
      title: "Not paired",
      description:
        "Share of the requests that only one of the two models reported, or whose reports contradict each other",
      unit: "percentunit",
      queries: [
        {
          expr: `sum by (outcome) (rate(shadow_requests_total{outcome!="paired"}[$__rate_interval])) / ignoring (outcome) group_left () sum (rate(shadow_requests_total[$__rate_interval]))`,
          legend: "{{outcome}}",
        },
      ],
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
  ];
}

function shareNow(selector: string): string {
  return `${BY} (rate(model_phishing_detection_total${selector}[$__rate_interval])) / ${BY} (rate(requests_to_model_total${selector}[$__rate_interval]))`;
}
