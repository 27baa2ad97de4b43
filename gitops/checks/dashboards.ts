import { z } from "zod";
import { listKnownSeries } from "./alerts.ts";
import type { Finding } from "./finding.ts";
import { listExpressionFaults } from "./promql.ts";
import type { Tree } from "./tree.ts";

/** What the checks read of Grafana's model of a dashboard. */
export const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      datasource: z.object({ uid: z.string() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string() })),
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
  return [...listUnloaded(tree), ...unsound];
}

function listPanelFaults({ panels, templating }: Dashboard): string[] {
  const sources = templating.list.filter(({ type }) => type === "datasource");
  const ids = panels.map(({ id }) => id);
  return panels.flatMap(({ id, title, type, datasource, targets }) => {
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
