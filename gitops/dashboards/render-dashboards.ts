import { join } from "node:path";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { TREE } from "../render.ts";
import { buildCustomMetrics } from "./custom-metrics.ts";
import { buildDrift } from "./drift.ts";
import { buildExperiment } from "./experiment.ts";
import { buildLimits } from "./limits.ts";
import { buildOverview } from "./overview.ts";
import { buildShadow } from "./shadow.ts";
import { buildSlo } from "./slo.ts";

/** Every dashboard, by the name of its file. */
function listDashboards(): ReadonlyMap<string, Dashboard> {
  return new Map([
    ["custom-metrics", buildCustomMetrics()],
    ["drift", buildDrift()],
    ["experiment", buildExperiment()],
    ["limits", buildLimits()],
    ["overview", buildOverview()],
    ["shadow", buildShadow()],
    ["slo", buildSlo()],
  ]);
}

/** The file of a dashboard, and what it has to hold: JSON, which has no room for a note that it is generated. */
export function renderDashboards(): Map<string, string> {
  const folder = join(TREE, "components", "monitoring", "dashboards");
  return new Map(
    [...listDashboards()].map(([name, dashboard]) => [
      join(folder, `${name}.json`),
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  );
}
