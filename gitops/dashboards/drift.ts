import { buildDashboard, buildStat, buildTimeseries } from "./panels.ts";

/** Does the world still look as it did when the model was trained? */
export function buildDrift() {
  return buildDashboard({
    uid: "hookline-drift",
    title: "Model drift",
    description: "What the model is asked and answers now, against the test rows of its training",
    panels: [...buildDistances(), ...buildDoubts()],
  });
}

/** How far away the questions and answers are from those of the training. */
function buildDistances() {
  return [
    buildTimeseries({
      title: "Distance to training",
      description:
        "Kolmogorov and Smirnov's distance of six hours: 0 is the same, 1 is nothing in common. An alert tells of more than 0.2.",
      unit: "percentunit",
      width: 24,
      queries: [
        { expr: distance("probability", "model_probability"), legend: "probability {{version}}" },
        {
          expr: distance("length", "model_url_characters"),
          legend: "length of URLs {{version}}",
        },
      ],
    }),
    buildTimeseries({
      title: "Probability",
      description: "Quantiles of the probabilities given",
      unit: "percentunit",
      queries: [0.1, 0.5, 0.9].map((q) => ({
        expr: `histogram_quantile(${q}, sum by (version, le) (rate(model_probability_bucket{mirrored="false"}[1h])))`,
        legend: `{{version}}: ${q * 100} % below`,
      })),
    }),
  ];
}

/** Where the model is old, unsure or not asked. */
function buildDoubts() {
  return [
    buildTimeseries({
      title: "Not sure",
      description: "Share of the answers within the model's band of doubt",
      unit: "percentunit",
      queries: [
        {
          expr: `sum by (version) (rate(model_answers_total{verdict="unsure",mirrored="false"}[1h])) / sum by (version) (rate(model_answers_total{mirrored="false"}[1h]))`,
          legend: "{{version}}",
        },
      ],
    }),
    buildStat({
      title: "Age of the model",
      description: "Since it was trained",
      unit: "s",
      queries: [
        {
          expr: "time() - max by (version) (model_created_timestamp_seconds)",
          legend: "{{version}}",
        },
      ],
    }),
    buildTimeseries({
      title: "Decided by the list of brands",
      description: "Share of the answers that were not the model's own",
      unit: "percentunit",
      queries: [
        {
          expr: `sum by (version) (rate(model_answers_total{decided_by="brand-rule",mirrored="false"}[1h])) / sum by (version) (rate(model_answers_total{mirrored="false"}[1h]))`,
          legend: "{{version}}",
        },
      ],
    }),
  ];
}

/**
 * The largest difference of two cumulative shares. Prometheus 3 writes a whole `le` of a histogram
 * as 1.0 and leaves the gauge's at 1: without the replacement those steps would not be compared.
 */
function distance(of: string, metric: string): string {
  const live = (suffix: string, labels: string) =>
    `sum by (${labels}) (rate(${metric}_${suffix}{mirrored="false"}[6h]))`;
  return [
    "max by (version) (abs(",
    `label_replace(${live("bucket", "version, le")}, "le", "$1", "le", "(.+)\\\\.0")`,
    `/ on (version) group_left () ${live("count", "version")}`,
    `- on (version, le) max by (version, le) (model_reference_share{of="${of}"})`,
    "))",
  ].join(" ");
}
