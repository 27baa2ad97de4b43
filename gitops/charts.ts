import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { parseResources, TREE } from "./render.ts";

/** What Go modules hold of others, where .ci/read-upstream puts it. */
export const UPSTREAM = placeUpstream(join(TREE, ".."));
const TOOLS = join(TREE, "..", ".cache", "judges", "bin");
const PREPARED = join(TREE, "..", "bootstrap", "k3s", "prepared", "charts");

/**
 * The folder of the versions that .ci/read-upstream names now. What it read of others lies elsewhere, so that
 * nothing is held to them.
 */
export function placeUpstream(root: string): string {
  const script = join(root, ".ci", "read-upstream");
  const text = existsSync(script) ? readFileSync(script) : "";
  const key = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return join(root, ".cache", "upstream", key);
}

/** A chart as Argo CD is told to render it. */
export interface Chart {
  /** Its folder in platform/, where our values are. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly namespace: string;
}

const Source = z.object({
  chart: z.string().optional(),
  targetRevision: z.string(),
  helm: z.object({ releaseName: z.string(), valueFiles: z.array(z.string()) }).optional(),
});
const Spec = z.object({
  sources: z.array(Source).default([]),
  destination: z.object({ namespace: z.string().default("") }),
});
const Wrapped = z.object({
  spec: z.union([z.object({ template: z.object({ spec: Spec }) }), Spec]),
});

/** The charts of Argo CD's applications; one in the set over the overlays goes into `hookline`. */
export function listDeployedCharts(): Chart[] {
  const folder = join(TREE, "applications");
  return readdirSync(folder)
    .filter((file) => /^application(set)?-/.test(file))
    .flatMap((file) => {
      const { spec } = Wrapped.parse(parse(readFileSync(join(folder, file), "utf8")));
      const { sources, destination } = "template" in spec ? spec.template.spec : spec;
      const namespace = destination.namespace.includes("{{") ? "hookline" : destination.namespace;
      return sources.flatMap((source): Chart[] => {
        if (source.chart === undefined || source.helm === undefined) return [];
        const [values = ""] = source.helm.valueFiles;
        return [
          {
            folder: values.split("/").at(-2) ?? "",
            name: source.chart,
            version: source.targetRevision,
            release: source.helm.releaseName,
            namespace,
          },
        ];
      });
    });
}

/** The helm of .ci/install-judges, or the machine's own. */
export const HELM = [join(TOOLS, "helm"), Bun.which("helm") ?? ""].find((path) => existsSync(path));

/** Where a chart is: what `bun run bootstrap download` fetched, or a folder from a Go module. */
export function findChart({ name, version }: Chart): string | undefined {
  return [join(PREPARED, `${name}-${version}.tgz`), join(UPSTREAM, "charts", name)].find((path) =>
    existsSync(path),
  );
}

/** What helm prints; throws with what it says when it fails. */
export async function runHelm(words: readonly string[], input = ""): Promise<string> {
  const child = Bun.spawn([HELM ?? "helm", ...words], {
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`Cannot run helm ${words[0]}: ${errors}`);
  return output;
}

/** What the chart makes of values, as Argo CD would ask for it. */
export async function templateChart(
  chart: Chart,
  values: string,
  set: readonly string[] = [],
): Promise<string> {
  const where = ["--namespace", chart.namespace, "--kube-version", "1.36.4", "--include-crds"];
  const settings = set.flatMap((one) => ["--set", one]);
  const words = ["template", chart.release, findChart(chart) ?? "", "--values", "-"];
  return await runHelm([...words, ...where, ...settings], values);
}

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.infer<typeof Manifest>;

/** The same as resources, with our values. */
export async function renderChart(
  chart: Chart,
  values: string,
  set: readonly string[] = [],
): Promise<Manifest[]> {
  return parseResources(await templateChart(chart, values, set))
    .filter((one) => one !== null)
    .map((one) => Manifest.parse(one));
}
