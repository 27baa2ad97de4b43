import { withContext } from "./errors.ts";
import { generateConfigMap, generateSecret, mergeOptions } from "./generate/config-map.ts";
import { prepareCharts } from "./generate/helm-chart.ts";
import { loadBytes } from "./load.ts";
import { addOrigin, builtInOrigin } from "./origin.ts";
import { type LoadPlugins, loadGenerators, runGeneratorPlugins } from "./plugins.ts";
import type { Resource } from "./resource.ts";
import { absorb, type ResourceMap } from "./resource-map.ts";
import type { Target } from "./target.ts";

/** Runs the generators of a kustomization: ConfigMaps, Secrets, charts, then those of files. */
export function runGenerators(target: Target, map: ResourceMap, load: LoadPlugins): void {
  const { kustomization, loader } = target;
  const { generatorOptions } = kustomization;
  const loadFile = (path: string) => loadBytes(loader, path);
  // What is badly configured is refused before anything is made.
  const charts = prepareCharts(target);
  const plugins = withContext("loading generator plugins", () => loadGenerators(target, load));
  for (const args of kustomization.configMapGenerator) {
    const options = mergeOptions(args.options, generatorOptions);
    add(target, map, "ConfigMapGenerator", () => [
      generateConfigMap({ ...args, options }, loadFile),
    ]);
  }
  for (const args of kustomization.secretGenerator) {
    const options = mergeOptions(args.options, generatorOptions);
    add(target, map, "SecretGenerator", () => [generateSecret({ ...args, options }, loadFile)]);
  }
  for (const generate of charts) add(target, map, "HelmChartInflationGenerator", generate);
  runGeneratorPlugins(map, plugins);
}

function add(
  { origin, file }: Target,
  map: ResourceMap,
  kind: string,
  generate: () => readonly Resource[],
): void {
  const resources = generate();
  if (origin !== undefined) addOrigin(resources, builtInOrigin(origin, kind, file));
  withContext("merging from generator", () => absorb(map, resources));
}
