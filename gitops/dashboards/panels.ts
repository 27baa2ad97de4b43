import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** One line, or several of one expression, with the name that Grafana gives it. */
export interface Query {
  readonly expr: string;
  /** `{{label}}` stands for the value of the label. */
  readonly legend: string;
}

export interface PanelOptions {
  readonly title: string;
  /** What the reader may conclude from it; shown at the panel. */
  readonly description: string;
  /** A unit of Grafana: `short`, `percentunit`, `s`, `reqps`, … */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Columns of 24. */
  readonly width?: number;
}

/** Grafana resolves it when the dashboard is shown; a name in `__inputs` would stay as it is (grafana#10786). */
const DATASOURCE = { type: "prometheus", uid: `\${datasource}` };

/** A panel over time. */
export function buildTimeseries(options: PanelOptions): Builder<Panel> {
  const panel = new TimeseriesBuilder()
    .lineWidth(2)
    .fillOpacity(8)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
  return fill(panel, options);
}

/** A panel of the newest value of each line. */
export function buildStat(options: PanelOptions): Builder<Panel> {
  return fill(new StatBuilder(), options);
}

/** What all panels have, whatever they draw. */
interface Fillable<Self> {
  title(title: string): Self;
  description(description: string): Self;
  unit(unit: string): Self;
  datasource(datasource: typeof DATASOURCE): Self;
  span(columns: number): Self;
  height(rows: number): Self;
  withTarget(target: DataqueryBuilder): Self;
}

function fill<Self extends Fillable<Self>>(panel: Self, options: PanelOptions): Self {
  panel
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .datasource(DATASOURCE)
    .span(options.width ?? 12)
    .height(8);
  for (const [index, { expr, legend }] of options.queries.entries()) {
    const name = String.fromCharCode("A".charCodeAt(0) + index);
    panel.withTarget(new DataqueryBuilder().refId(name).expr(expr).legendFormat(legend));
  }
  return panel;
}

export interface DashboardOptions {
  /** Part of the address; bookmarks hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Builder<Panel>[];
}

/** A dashboard over the last hour, with the data source to choose. */
export function buildDashboard({ uid, title, description, panels }: DashboardOptions): Dashboard {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["hookline"])
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(
      new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"),
    );
  for (const panel of panels) dashboard.withPanel(panel);
  const built = dashboard.build();
  // Links to a panel hold its number; Grafana would otherwise give one at each load.
  return {
    ...built,
    panels: built.panels?.map((panel, index) => ({ ...panel, id: index + 1 })) ?? [],
  };
}
