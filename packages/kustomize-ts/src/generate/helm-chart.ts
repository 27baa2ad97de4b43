import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { Note } from "../build-notes.ts";
import { configuring } from "../built-in-config.ts";
import { BuildError, withContext } from "../errors.ts";
import type { HelmChart, HelmChartArgs, HelmGlobals } from "../kustomization-parts.ts";
import { type Loader, loadBytes, loadText } from "../load.ts";
import { mergeStrategic } from "../patch/strategic-merge.ts";
import { readDocuments, readResources } from "../read-resources.ts";
import { createResource, type Resource, setAnnotation } from "../resource.ts";
import type { BuildContext, HelmSettings, Target } from "../target.ts";
import { createFromValue, toJsonValue } from "../yaml/convert.ts";
import { emitDocument } from "../yaml/emit.ts";
import { expandAnchors } from "../yaml/expand.ts";
import { createMap, entriesOf, type YamlNode } from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";

/** What a chart is rendered with. */
export interface ChartSettings {
  readonly chart: HelmChart;
  readonly globals: HelmGlobals;
  readonly loader: Loader;
  readonly context: BuildContext;
}

/** One step for each chart of a kustomization; those that are badly configured are refused at once. */
export function prepareCharts(target: Target): (() => Resource[])[] {
  const { kustomization, loader, context, helmNamespace } = target;
  const old = kustomization.helmChartInflationGenerator;
  const globals = kustomization.helmGlobals ?? {
    chartHome: old.findLast(({ chartHome }) => chartHome !== "")?.chartHome ?? "",
    configHome: old.findLast(({ helmHome }) => helmHome !== "")?.helmHome ?? "",
  };
  const inherited = kustomization.namespace || helmNamespace;
  return [...kustomization.helmCharts, ...old.map(convertOld)].map((chart) => {
    const named = { ...chart, namespace: chart.namespace || inherited };
    return configuring("HelmChartInflationGenerator", { ...globals, ...named }, () =>
      prepareChart({ chart: named, globals, loader, context }),
    );
  });
}

function convertOld(old: HelmChartArgs): HelmChart {
  return {
    name: old.chartName,
    version: old.chartVersion,
    repo: old.chartRepoUrl,
    valuesFile: old.values,
    valuesInline: old.valuesLocal,
    valuesMerge: old.valuesMerge,
    releaseName: old.releaseName,
    namespace: "",
    additionalValuesFiles: [],
    includeCRDs: false,
    skipHooks: false,
    apiVersions: [],
    kubeVersion: "",
    nameTemplate: "",
    skipTests: false,
    debug: false,
    devel: false,
  };
}

function fail(message: string): BuildError {
  return new BuildError("HELM_FAILED", message, { field: "helmCharts" });
}

/** Renders a chart with the `helm` program, as the real one does, as soon as it is asked to. */
export function prepareChart(settings: ChartSettings): () => Resource[] {
  const { loader } = settings;
  const { helm } = settings.context;
  const chart = completeChart(settings.chart, helm);
  if (!helm.isEnabled) {
    throw new BuildError("HELM_DISABLED", "must specify --enable-helm", { field: "helmCharts" });
  }
  if (helm.command === "") throw fail("must specify --helm-command");
  if (chart.name === "") throw fail("chart name cannot be empty");
  for (const file of chart.additionalValuesFiles) {
    withContext("could not load additionalValuesFile", () => loadBytes(loader, file));
  }
  if (!["", "merge", "override", "replace"].includes(chart.valuesMerge)) {
    throw fail("valuesMerge must be one of [merge override replace]");
  }
  return () => inflateChart({ ...settings, chart });
}

/** What a chart does not say itself the flags say. */
function completeChart(chart: HelmChart, { apiVersions, kubeVersion, debug }: HelmSettings) {
  return {
    ...chart,
    apiVersions: chart.apiVersions.length > 0 ? chart.apiVersions : apiVersions,
    kubeVersion: chart.kubeVersion || kubeVersion,
    debug: chart.debug || debug,
  };
}

function inflateChart(settings: ChartSettings): Resource[] {
  const { chart, context, globals } = settings;
  const directory = mkdtempSync(
    join(process.getBuiltinModule("node:os").tmpdir(), "kustomize-helm-"),
  );
  try {
    const home = findChartHome(settings);
    const configHome = globals.configHome === "" ? join(directory, "helm") : globals.configHome;
    const helm = (args: readonly string[]) =>
      runHelm(args, { command: context.helm.command, configHome });
    requireVersion(helm(["version", "--short"]));
    pullChart(chart, home, helm);
    const values = join(directory, `${chart.name}-kustomize-values.yaml`);
    writeFileSync(values, readValues(settings, home));
    return markResources(helm(templateArguments(settings, { home, values })));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function findChartHome({ chart, globals, loader }: ChartSettings): string {
  const folder = globals.chartHome === "" ? "charts" : globals.chartHome;
  const home = isAbsolute(folder) ? folder : join(loader.root, folder);
  return chart.version !== "" && chart.repo !== ""
    ? join(home, `${chart.name}-${chart.version}`)
    : home;
}

function runHelm(
  args: readonly string[],
  { command, configHome }: { command: string; configHome: string },
): string {
  const own = {
    HELM_CONFIG_HOME: configHome,
    HELM_CACHE_HOME: `${configHome}/.cache`,
    HELM_DATA_HOME: `${configHome}/.data`,
  };
  const options = {
    env: { ...process.env, ...own },
    encoding: "utf8",
    maxBuffer: 256 << 20,
  } as const;
  // Loaded when it is needed only, since most builds start no program.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const result = spawnSync(command, args, options);
  if (result.status === 0) return result.stdout;
  const environment = Object.entries(own)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  const said = args.includes("--debug")
    ? ` Helm stack trace:\n${result.stderr}\nHelm template:\n${result.stdout}\n`
    : (result.stderr ?? "");
  throw fail(
    `${said === "" ? "" : `${said}: `}unable to run: '${command} ${args.join(" ")}' with ` +
      `env=[${environment}] (is '${command}' installed?): ${explainExit(result, command)}`,
  );
}

/** Why a program did not end well, in the words of Go's os/exec. */
function explainExit(
  { status, error }: { readonly status: number | null; readonly error?: Error },
  command: string,
): string {
  if (error === undefined) return `exit status ${status}`;
  if (!("code" in error) || error.code !== "ENOENT") return error.message;
  return command.includes("/")
    ? `fork/exec ${command}: no such file or directory`
    : `exec: "${command}": executable file not found in $PATH`;
}

function requireVersion(output: string): void {
  const version = /v?(\d+(?:\.\d+)+)/.exec(output)?.[1];
  if (version === undefined) throw fail(`cannot find version string in ${output}`);
  if (!/^[34]\./.test(version)) {
    throw fail(`this plugin requires helm V3 or V4 but got v${version}`);
  }
}

function pullChart(
  { name, repo, version, devel }: HelmChart,
  home: string,
  helm: (args: readonly string[]) => string,
): void {
  const path = join(home, name);
  const isThere = existsSync(path);
  if (isThere && statSync(path).isDirectory()) return;
  // The real one forgets where it looked when there is nothing at all.
  const place = isThere ? path : "";
  if (repo === "") throw fail(`no repo specified for pull, no chart found at '${place}'`);
  const from = repo.startsWith("oci://")
    ? [`${repo.replace(/\/$/, "")}/${name}`]
    : ["--repo", repo, name];
  const rest = [...(version === "" ? [] : ["--version", version]), ...(devel ? ["--devel"] : [])];
  helm(["pull", "--untar", "--untardir", home, ...from, ...rest]);
}

/** The values of the file, with the inline ones over or under them, or only those. */
function readValues({ chart, loader }: ChartSettings, home: string): Uint8Array | string {
  const file = chart.valuesFile === "" ? join(home, chart.name, "values.yaml") : chart.valuesFile;
  const given = chart.valuesInline;
  if (given === undefined || given.content.length === 0) return loadBytes(loader, file);
  // As JSON has them: 1.10 is 1.1, though it may come to stand in the quotes of the file's value.
  const inline = createFromValue(toJsonValue(given));
  if (chart.valuesMerge === "replace") return emitDocument(inline);
  const content = loadText(loader, file);
  const own: YamlNode = withContext("could not parse values file into rnode", () => {
    return dropAliases(parseDocument(content, { file })?.root ?? createMap());
  });
  const merged = withContext("could not merge values", () =>
    chart.valuesMerge === "merge" ? mergeStrategic(inline, own) : mergeStrategic(own, inline),
  );
  return emitDocument(expandAnchors(merged ?? createMap()));
}

/** The real one loses fields of maps whose value is an alias, `<<` among them, where it merges values. */
function dropAliases(node: YamlNode): YamlNode {
  if (node.kind !== "map") return node;
  const kept = [...entriesOf(node)].filter(([, value]) => value.kind !== "alias");
  node.content = kept.flatMap(([key, value]) => [key, dropAliases(value)]);
  return node;
}

function templateArguments(
  { chart, loader }: ChartSettings,
  { home, values }: { home: string; values: string },
): string[] {
  const flag = (name: string, isOn: boolean) => (isOn ? [name] : []);
  const option = (name: string, value: string) => (value === "" ? [] : [name, value]);
  const additional = chart.additionalValuesFiles.flatMap((file) => ["-f", join(loader.root, file)]);
  return [
    "template",
    chart.releaseName === "" ? "--generate-name" : chart.releaseName,
    join(home, chart.name),
    ...option("--namespace", chart.namespace),
    ...option("--name-template", chart.nameTemplate),
    "-f",
    values,
    ...additional,
    ...chart.apiVersions.flatMap((version) => ["--api-versions", version]),
    ...option("--kube-version", chart.kubeVersion),
    ...flag("--include-crds", chart.includeCRDs),
    ...flag("--skip-tests", chart.skipTests),
    ...flag("--no-hooks", chart.skipHooks),
    ...flag("--debug", chart.debug),
    ...flag("--devel", chart.devel),
  ];
}

function markResources(output: string): Resource[] {
  const resources = readChartOutput(output);
  for (const resource of resources) setAnnotation(resource, Note.helmGenerated, "true");
  return resources;
}

/** A chart may print what is no resource; that is left out. */
function readChartOutput(output: string): Resource[] {
  try {
    return readResources(output, "helm template");
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const nodes = readDocuments(output, "helm template").filter(
      ({ content }) => content.length > 0,
    );
    if (nodes.length === 0) throw error;
    return nodes.map(createResource);
  }
}
