import { isObject } from "./arguments.ts";
import { readList } from "./fields.ts";
import { appendValue, readValue, removeValue, setValue } from "./splice.ts";

const OLD = "helmChartInflationGenerator";

/** What a chart is called by now; what is not here is lost (api/types `makeHelmChartFromHca`). */
const CHART = [
  ["chartName", "name"],
  ["chartVersion", "version"],
  ["chartRepoUrl", "repo"],
  ["values", "valuesFile"],
  ["valuesLocal", "valuesInline"],
  ["valuesMerge", "valuesMerge"],
  ["releaseName", "releaseName"],
] as const;

/** What all charts share; of several the last one that says it wins. */
const GLOBALS = [
  ["helmHome", "configHome"],
  ["chartHome", "chartHome"],
] as const;

/** The charts of the old field as `helmCharts` and `helmGlobals`, as which every edit writes them. */
export function moveCharts(text: string): string {
  const charts = readValue(text, [OLD]) === undefined ? [] : readList(text, OLD).filter(isObject);
  if (charts.length === 0) return text;
  const moved = charts.reduce<string>(
    (result, chart) => appendValue(result, ["helmCharts"], pick(chart, CHART)),
    text,
  );
  const shared = charts.flatMap((chart) => Object.entries(pick(chart, GLOBALS)));
  const globals = shared.reduce<string>(
    (result, [name, value]) => setValue(result, ["helmGlobals", name], value),
    moved,
  );
  return removeValue(globals, [OLD]);
}

function pick(
  chart: Readonly<Record<string, unknown>>,
  names: readonly (readonly [from: string, to: string])[],
): Readonly<Record<string, unknown>> {
  const found = names.map(([from, to]) => [to, chart[from]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ""));
}
