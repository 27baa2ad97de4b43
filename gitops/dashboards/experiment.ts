import { buildDashboard, buildStat, buildTimeseries } from "./panels.ts";

const COMPARED = `sum by (version) (experiment_checks_total{guess!="none",verdict=~"Phishing|Legitimate"})`;
const AGREED = `(sum by (version) (experiment_checks_total{guess="phishing",verdict="Phishing"}) + sum by (version) (experiment_checks_total{guess="legitimate",verdict="Legitimate"}))`;
/** Standard deviations on each side of 95 %. */
const Z = 1.96;

/** Do visitors agree with the model more often when the buttons' colours say what they mean? */
export function buildExperiment() {
  return buildDashboard({
    uid: "hookline-experiment",
    title: "The experiment of the buttons",
    description:
      "How often the visitors' guess agrees with the model, by the variant of the page that they saw",
    panels: [
      buildTimeseries({
        title: "Agreement by variant",
        description:
          "With Wilson's interval of 95 %. While the intervals overlap, nothing is shown: wait.",
        unit: "percentunit",
        width: 24,
        queries: [
          { expr: `${AGREED} / ${COMPARED}`, legend: "{{version}}" },
          { expr: wilson("-"), legend: "{{version}} at least" },
          { expr: wilson("+"), legend: "{{version}} at most" },
        ],
      }),
      buildStat({
        title: "Guesses compared",
        description: "Guesses on URLs of which the model was sure",
        unit: "short",
        queries: [{ expr: COMPARED, legend: "{{version}}" }],
      }),
      buildTimeseries({
        title: "Guesses by verdict",
        description: "Every cell of the experiment's table",
        unit: "short",
        queries: [
          {
            expr: "sum by (version, guess, verdict) (increase(experiment_checks_total[1h]))",
            legend: "{{version}}: {{guess}} against {{verdict}}",
          },
        ],
      }),
    ],
  });
}

/** One end of Wilson's score interval for the share of agreed in compared (Wilson 1927). */
function wilson(sign: "+" | "-"): string {
  const share = `(${AGREED} / ${COMPARED})`;
  const centre = `${share} + ${Z ** 2 / 2} / ${COMPARED}`;
  const spread = `${Z} * sqrt(${share} * (1 - ${share}) / ${COMPARED} + ${Z ** 2 / 4} / ${COMPARED} ^ 2)`;
  return `(${centre} ${sign} ${spread}) / (1 + ${Z ** 2} / ${COMPARED})`;
}
