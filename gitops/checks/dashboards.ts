import { z } from "zod";
import { listKnownSeries } from "./alerts.ts";
import type { Finding } from "./finding.ts";
import { listExpressionFaults } from "./promql.ts";
import type { Tree } from "./tree.ts";

/** What the checks read of Grafana's model of a dashboard. */
export const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.number(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      datasource: z.object({ uid: z.string() }),
      fieldConfig: z.object({ defaults: z.object({ unit: z.string().default("") }) }),
      targets: z.array(
        z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string().default("") }),
      ),
    }),
  ),
});
export type Dashboard = z.infer<typeof Dashboard>;

/** The dashboards that Grafana's sidecar would load, by the key of their file. */
export function listDashboards(tree: Tree): Map<string, Dashboard> {
  return new Map(
    tree.configMaps
      .filter(isLoaded)
      .flatMap(({ data }) =>
        Object.entries(data).map(
          ([file, text]) => [file, Dashboard.parse(JSON.parse(text))] as const,
        ),
      ),
  );
}

function isLoaded({ metadata }: Tree["configMaps"][number]): boolean {
  return metadata.labels["grafana_dashboard"] === "1";
}

/** What a ConfigMap may hold, in bytes. */
const MOST_BYTES = 1024 * 1024;

/** Grafana's sidecar finds every dashboard: by its label, in a ConfigMap that the API server takes. */
function listUnloaded({ configMaps }: Tree): Finding[] {
  return configMaps
    .filter(({ data }) => Object.keys(data).some((file) => file.endsWith(".json")))
    .flatMap((one) => {
      const bytes = Buffer.byteLength(Object.values(one.data).join(""));
      return [
        ...(isLoaded(one) ? [] : ["has dashboards, and not the label that they are looked for by"]),
        ...(bytes < MOST_BYTES ? [] : [`has ${bytes} bytes, more than the API server takes`]),
      ].map((message) => ({
        check: "dashboards-loaded",
        resource: `ConfigMap/${one.metadata.name}`,
        message,
      }));
    });
}

/** Panels draw metrics that exist, with a plugin that Grafana still has, from a data source that it finds. */
export function checkDashboards(tree: Tree): Finding[] {
  const known = listKnownSeries(tree);
  const dashboards = listDashboards(tree);
  const uids = [...dashboards.values()].map(({ uid }) => uid);
  const unsound = [...dashboards].flatMap(([file, dashboard]) => {
    const resource = `Dashboard/${file}`;
    const twice = uids.filter((uid) => uid === dashboard.uid).length > 1;
    return [
      ...(twice
        ? [{ check: "panel-sound", resource, message: "another dashboard has its uid" }]
        : []),
      ...listPanelFaults(dashboard).map((message) => ({ check: "panel-sound", resource, message })),
      ...dashboard.panels.flatMap(({ title, targets }) =>
        targets
          .flatMap(({ expr }) => listExpressionFaults(expr, known))
          .map((fault) => ({ check: "metric-exists", resource, message: `"${title}": ${fault}` })),
      ),
    ];
  });
  return [...listUnloaded(tree), ...listUndrawn(dashboards), ...unsound];
}

/** What somebody has to see, since totals do not tell it: whether two models differ on the same URL. */
const DRAWN = /\bshadow_pairs_total\b/;

function listUndrawn(dashboards: ReadonlyMap<string, Dashboard>): Finding[] {
  const drawn = [...dashboards.values()].flatMap(({ panels }) =>
    panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  );
  return dashboards.size === 0 || drawn.some((expr) => DRAWN.test(expr))
    ? []
    : [
        {
          check: "pairs-drawn",
          resource: "Dashboard/shadow.json",
          message: "no panel draws what the two models say of one request",
        },
      ];
}

/** The page's width. */
const COLUMNS = 24;

type Place = Dashboard["panels"][number]["gridPos"];
function isOn(one: Place, other: Place): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  );
}

function listPanelFaults({ panels, templating }: Dashboard): string[] {
  const sources = templating.list.filter(({ type }) => type === "datasource");
  const ids = panels.map(({ id }) => id);
  return panels.flatMap((panel) => {
    const { id, title, type, datasource, fieldConfig, gridPos, targets } = panel;
    const refs = targets.map(({ refId }) => refId);
    const wished: readonly (readonly [boolean, string])[] = [
      [ids.filter((other) => other === id).length === 1, `shares its id ${id}`],
      // The Angular panel, which Grafana 12 does not have any more.
      [type !== "graph", 'is of type "graph"'],
      [
        sources.some(({ name }) => datasource.uid === `\${${name}}`),
        "does not let the data source be chosen",
      ],
      [targets.length > 0, "draws nothing"],
      // In the original one sat in the query, where Grafana does not read it.
      [fieldConfig.defaults.unit !== "", "has no unit"],
      [targets.every(({ legendFormat }) => legendFormat !== ""), "has a line without a name"],
      [gridPos.x + gridPos.w <= COLUMNS, "is wider than the page"],
      [
        !panels.some((other) => other !== panel && isOn(gridPos, other.gridPos)),
        "lies on another panel",
      ],
      [new Set(refs).size === refs.length, "has two queries of one name"],
      [
        !targets.some(({ expr }) => /\bpod=~/.test(expr)),
        "tells versions apart by the names of pods",
      ],
      [
        !targets.some(({ expr }) => expr.includes('mode="idle"')),
        "plots the time of doing nothing",
      ],
    ];
    return wished.filter(([kept]) => !kept).map(([, what]) => `"${title}" ${what}`);
  });
}
