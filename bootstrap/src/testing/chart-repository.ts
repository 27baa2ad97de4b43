import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { CHARTS, GATEWAY } from "../charts.ts";
import type { Resource } from "../kube/resource.ts";
import { readPlatformCrds } from "./tree.ts";

interface ChartContent {
  readonly name: string;
  readonly version: string;
  readonly resources: readonly Resource[];
}

/** The stand-in of every chart, with its CRDs: Istio's in its base, the operator's in its stack. */
export function listStandIns(): ChartContent[] {
  const crds = readPlatformCrds();
  const of = (group: string) => crds.filter(({ metadata }) => metadata.name.endsWith(group));
  const brought = new Map([
    ["base", of(".istio.io")],
    ["kube-prometheus-stack", of(".monitoring.coreos.com")],
    ["sealed-secrets", of(".bitnami.com")],
  ]);
  return [...CHARTS, GATEWAY].map(({ chart, version }) => ({
    name: chart,
    version,
    resources: brought.get(chart) ?? [],
  }));
}

/**
 * A Helm repository on loopback, with stand-ins for the charts that only the internet has: each
 * brings the CRDs of the real one and nothing that runs. Also serves single files by name.
 */
export function startChartRepository(
  folder: string,
  charts: readonly ChartContent[],
  files: ReadonlyMap<string, string>,
) {
  mkdirSync(folder, { recursive: true });
  const entries = Object.fromEntries(
    charts.map((chart) => [chart.name, [packStandIn(folder, chart)]]),
  );
  const index = stringify({ apiVersion: "v1", entries });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
      if (name === "index.yaml") return new Response(index);
      const file = files.get(name) ?? join(folder, name);
      return new Response(Bun.file(file));
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

/** Puts a stand-in into a folder, as `<chart>-<version>.tgz`. */
export function packStandIn(folder: string, { name, version, resources }: ChartContent) {
  const templates = join(folder, name, "templates");
  mkdirSync(templates, { recursive: true });
  const head = { apiVersion: "v2", name, version };
  writeFileSync(join(folder, name, "Chart.yaml"), stringify(head));
  const marker = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `stand-in-${name}`, namespace: "{{ .Release.Namespace }}" },
    data: { release: "{{ .Release.Name }}" },
  };
  // What a CRD describes may hold `{{`: only the marker is a template.
  for (const [number, resource] of resources.entries()) {
    const text = stringify(resource).replaceAll(/\{\{/g, '{{ "{{" }}');
    writeFileSync(join(templates, `${number}.yaml`), text);
  }
  writeFileSync(
    join(templates, "marker.yaml"),
    stringify(marker).replaceAll(/"(\{\{.*\}\})"/g, "$1"),
  );
  const file = `${name}-${version}.tgz`;
  const { exitCode } = Bun.spawnSync(["tar", "-czf", file, name], { cwd: folder });
  if (exitCode !== 0) throw new Error(`tar failed for ${name}`);
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, file)))
    .digest("hex");
  return { ...head, digest, urls: [file] };
}
