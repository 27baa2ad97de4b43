import { describe, expect, test } from "bun:test";
import { parse, stringify } from "yaml";
import { z } from "zod";
import {
  type Chart,
  findChart,
  HELM,
  listDeployedCharts,
  runHelm,
  templateChart,
} from "./charts.ts";
import { listCharts, readValues } from "./tree-files.ts";

// What the charts make of our values, where helm and the charts are at hand.

const LONG = 120_000;
const charts = listDeployedCharts();
const present = charts.filter((chart) => HELM !== undefined && findChart(chart) !== undefined);
const absent = charts.filter((chart) => !present.includes(chart)).map(({ name }) => name);
if (absent.length > 0)
  console.warn(
    `gitops/charts.test.ts: ${HELM === undefined ? "helm is not installed" : "no chart at hand"}, not rendered: ${absent.join(", ")}`,
  );

const Values = z.record(z.string(), z.unknown());
type Values = z.infer<typeof Values>;

/** The paths of our values that the chart's own values do not name; objects that are empty there are free. */
function listUnnamed(values: Values, defaults: Values, path: readonly string[] = []): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const known = defaults[key];
    if (!(key in defaults)) return listLeaves(value, [...path, key]);
    const [left, right] = [Values.safeParse(value), Values.safeParse(known)];
    const isFree = !right.success || Object.keys(right.data).length === 0;
    return isFree || !left.success ? [] : listUnnamed(left.data, right.data, [...path, key]);
  });
}
function listLeaves(value: unknown, path: string[]): string[][] {
  const values = Values.safeParse(value);
  if (!values.success || Object.keys(values.data).length === 0) return [path];
  return Object.entries(values.data).flatMap(([key, one]) => listLeaves(one, [...path, key]));
}
function remove(values: Values, [key = "", ...rest]: readonly string[]): Values {
  const { [key]: found, ...others } = values;
  return rest.length === 0 ? others : { ...others, [key]: remove(Values.parse(found), rest) };
}

/**
 * Without the ConfigMap in which istiod's chart writes down what it was given, whatever that is, and
 * without the password that Grafana's draws at each rendering.
 */
function dropEcho(text: string): string {
  const documents = text.split(/^---$/m);
  return documents
    .filter((one) => !one.includes("original-values:"))
    .join("---")
    .replace(/^ +(admin-password|checksum\/secret): .*$/gm, "");
}

async function listDeadValues(chart: Chart, values: Values): Promise<string[]> {
  const shown = Values.parse(parse(await runHelm(["show", "values", findChart(chart) ?? ""])));
  // Istio's charts keep their values under this, and let people write them beside it.
  const defaults = Values.parse(shown["_internal_defaults_do_not_set"] ?? shown);
  const render = async (given: Values) => dropEcho(await templateChart(chart, stringify(given)));
  const whole = await render(values);
  const dead: string[] = [];
  for (const path of listUnnamed(values, defaults)) {
    if ((await render(remove(values, path))) === whole) dead.push(path.join("."));
  }
  return dead;
}

describe.each(present.map((chart) => [chart.name, chart] as const))(
  "the values of chart %s",
  (_, chart) => {
    const values = Values.parse(parse(readValues(chart.folder)));

    test(
      "are named by it, or change what it renders",
      async () => expect(await listDeadValues(chart, values)).toEqual([]),
      LONG,
    );

    test(
      "a misspelt one is found",
      async () => {
        const planted = { ...values, platfrom: "k3s" };
        const found = listDeadValues(chart, planted).catch((error: unknown) => [String(error)]);
        // The gateway's chart has a schema, and refuses it.
        expect((await found).join()).toMatch(/platfrom/);
      },
      LONG,
    );
  },
);

describe.each(present.filter(({ name }) => name === "sealed-secrets").map((chart) => [chart]))(
  "the chart of sealed-secrets",
  (chart) => {
    test(
      "runs its project's own image, under the name that kubeseal asks",
      async () => {
        const text = await templateChart(chart, readValues(chart.folder));
        expect(text).toContain("image: ghcr.io/bitnami-labs/sealed-secrets-controller:0.36.6\n");
        expect(text).not.toContain("docker.io");
        expect(text).toMatch(/kind: Service\nmetadata:\n {2}name: sealed-secrets-controller\n/);
        expect(text).toContain("kind: ServiceMonitor\n");
      },
      LONG,
    );
  },
);

test("every chart of platform/ is deployed, and each deployed one has its values there", () => {
  expect(charts.map(({ folder }) => folder).sort()).toEqual(listCharts().sort());
});
