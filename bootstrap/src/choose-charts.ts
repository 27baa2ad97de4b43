import { packInstallation } from "./chart-mirror.ts";
import { type ChartMirror, INSTALLATION_CHART } from "./charts.ts";
import { BootstrapError } from "./errors.ts";
import { findInstallation, renderInstallation } from "./installation.ts";
import type { Connection } from "./kube/connection.ts";
import type { Options } from "./options.ts";
import { CHART_SOURCES, readChartIndex } from "./prepared.ts";

/** Where provisioning puts the prepared charts, below the address of k3s' API server. */
const K3S_CHARTS = "/static/hookline/charts";

type ChartOptions = Pick<Options, "charts" | "offline">;
type Authority = Pick<Connection, "server" | "readAuthority">;

/**
 * Where Argo CD reads charts, if not from their own repositories: with --charts there, with
 * --offline from the control node, whose certificate the kubeconfig vouches for.
 */
export async function chooseCharts(
  { charts, offline }: ChartOptions,
  { server, readAuthority }: Authority,
  readVersion: () => Promise<string>,
): Promise<ChartMirror | undefined> {
  if (charts === undefined && !offline) return undefined;
  const url = (charts ?? `${server}${K3S_CHARTS}`).replace(/\/$/, "");
  const { protocol, hostname } = new URL(url);
  const isControl = protocol === "https:" && hostname === new URL(server).hostname;
  const authority = isControl ? await readAuthority() : undefined;
  const installation = await readVersion();
  return { url, installation, ...(authority === undefined ? {} : { authority }) };
}

/** Of the chart that is this checkout's Argo CD. */
export async function readInstallationVersion(root: string, prepared: string): Promise<string> {
  const file = await findInstallation({ root, prepared });
  return packInstallation(renderInstallation(root, file)).version;
}

/** Refuses a place that does not have every chart, and this checkout's Argo CD among them. */
export async function checkCharts({ url, authority, installation }: ChartMirror): Promise<void> {
  const { entries } = await readChartIndex(url, { authority });
  const wished = [...CHART_SOURCES, { chart: INSTALLATION_CHART, version: installation }];
  for (const { chart, version } of wished) {
    if (entries[chart]?.some((one) => one.version === version)) continue;
    throw new BootstrapError(`Cannot take charts from ${url}: it has no ${chart} ${version}`, {
      code: "NOT_FOUND",
      next: "Fill it from this checkout: bun run bootstrap download, then vagrant provision control",
    });
  }
}
