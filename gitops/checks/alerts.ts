import type { Finding } from "./finding.ts";
import { KNOWN_SERIES } from "./known-metrics.ts";
import { listExpressionFaults } from "./promql.ts";
import type { Tree } from "./tree.ts";

/** The series that expressions of this tree may name: those that are scraped and those that its rules record. */
export function listKnownSeries(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const recorded = tree.prometheusRules.flatMap(({ spec }) =>
    spec.groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])),
  );
  return new Map([...KNOWN_SERIES, ...recorded.map((name) => [name, []] as const)]);
}

const ANNOTATIONS = ["summary", "description", "runbook"];
const SEVERITIES = ["critical", "warning"];

/** Every rule asks for metrics that exist, and every alert says how bad it is and what to do. */
export function checkAlerts(tree: Tree): Finding[] {
  const known = listKnownSeries(tree);
  return tree.prometheusRules.flatMap(({ metadata, spec }) =>
    spec.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => {
        const resource = `PrometheusRule/${metadata.name}`;
        const name = rule.alert ?? rule.record ?? "";
        const faults = listExpressionFaults(rule.expr, known);
        const mute = rule.alert === undefined ? [] : listMissing(rule.labels, rule.annotations);
        return [
          ...faults.map((fault) => ({
            check: "metric-exists",
            resource,
            message: `${name}: ${fault}`,
          })),
          ...mute.map((what) => ({
            check: "alert-complete",
            resource,
            message: `${name} ${what}`,
          })),
        ];
      }),
    ),
  );
}

type Texts = Readonly<Record<string, string>>;

function listMissing(labels: Texts, annotations: Texts): string[] {
  const severity = SEVERITIES.includes(labels["severity"] ?? "") ? [] : ["has no severity"];
  const missing = ANNOTATIONS.filter((one) => annotations[one] === undefined);
  return [...severity, ...missing.map((one) => `has no ${one}`)];
}
