import { createPlugin, type Plugin } from "./built-in-plugins.ts";
import { BuildError, withContext } from "./errors.ts";
import { addOrigin, addTransformation, appendPath, pluginOrigin, setOrigin } from "./origin.ts";
import { readResources } from "./read-resources.ts";
import { formatId } from "./res-id.ts";
import {
  annotationOf,
  apiVersionOf,
  copyResource,
  currentId,
  kindOf,
  labelsOf,
  originalId,
  type Resource,
  setLabels,
} from "./resource.ts";
import { absorb, createResourceMap, dropDeleted, type ResourceMap, touch } from "./resource-map.ts";
import type { Target } from "./target.ts";
import { emitDocument } from "./yaml/emit.ts";

/**
 * Reads the resources of files and folders, and gives them behind those that the map has; given,
 * since folders lead back to the whole build.
 */
export type LoadPlugins = (
  target: Target,
  paths: readonly string[],
  map: ResourceMap,
) => readonly Resource[];

/** Runs the generators that have a file of their own. */
export function runGeneratorPlugins(target: Target, map: ResourceMap, load: LoadPlugins): void {
  const settings = { entries: target.kustomization.generators, role: "generator" } as const;
  for (const { config, plugin } of configure(target, settings, load)) {
    if (plugin.kind !== "generator") {
      const message = `plugin ${formatId(originalId(config))} not a generator`;
      throw new BuildError("INVALID_CONFIG", `failed to load generator: ${message}`);
    }
    const resources = plugin.generate();
    addOrigin(resources, pluginOrigin(config));
    absorb(map, resources);
  }
}

/** Runs the transformers that have a file of their own. */
export function runTransformers(target: Target, map: ResourceMap, load: LoadPlugins): void {
  const settings = { entries: target.kustomization.transformers, role: "transformer" } as const;
  for (const { config, plugin } of configure(target, settings, load)) {
    transform(map, { config, plugin });
  }
}

interface Configured {
  readonly config: Resource;
  readonly plugin: Plugin;
}

function transform(map: ResourceMap, { config, plugin }: Configured): void {
  if (plugin.kind !== "transformer") {
    throw new BuildError(
      "INVALID_CONFIG",
      `plugin ${formatId(originalId(config))} not a transformer`,
    );
  }
  touch(map);
  plugin.transform(map);
  const origin = pluginOrigin(config);
  if (origin !== undefined) addTransformation(map.list, origin);
  dropDeleted(map);
}

const VALIDATED_BY = "validated-by";

/** Runs the validators; they may refuse the resources, but not change them. */
export function runValidators(target: Target, map: ResourceMap, load: LoadPlugins): void {
  const settings = { entries: target.kustomization.validators, role: "transformer" } as const;
  for (const validator of configure(target, settings, load)) {
    const before = describeAll(map.list);
    transform(map, validator);
    if (describeAll(map.list) === before) continue;
    const message = "validator shouldn't modify the resource map";
    throw new BuildError("VALIDATION_FAILED", message, { field: "validators" });
  }
}

/** The one label that a validator may set is not looked at. */
function describeAll(resources: readonly Resource[]): string {
  return resources
    .map((resource) => {
      const copy = copyResource(resource);
      const labels = labelsOf(copy);
      if (labels.delete(VALIDATED_BY)) setLabels(copy, labels);
      return `${formatId(currentId(copy))}\n${emitDocument(copy.node)}`;
    })
    .sort()
    .join("---\n");
}

/** Reads the entries of `generators` and the like: a configuration itself, or where it stands. */
function configure(
  target: Target,
  { entries, role }: { entries: readonly string[]; role: "generator" | "transformer" },
  load: LoadPlugins,
): Configured[] {
  const inline: Resource[] = [];
  const paths: string[] = [];
  for (const entry of entries) {
    const found = tryRead(entry);
    if (found === undefined) paths.push(entry);
    else inline.push(...found);
  }
  if (target.origin !== undefined) {
    for (const resource of inline) setOrigin(resource, appendPath(target.origin, target.file));
  }
  // Two of one id are refused here as well.
  const map = withContext(`configuring external ${role}`, () => createResourceMap(inline));
  return load(target, paths, map).map((config) => {
    refuseForeign(config);
    const id = formatId(originalId(config));
    const plugin = withContext(`plugin ${id} fails configuration`, () =>
      createPlugin(config, target),
    );
    return { config, plugin };
  });
}

function tryRead(entry: string): Resource[] | undefined {
  try {
    return readResources(entry, "");
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

const FUNCTION_NOTES = ["config.kubernetes.io/function", "config.k8s.io/function"];

/** Programs of others are not run. */
function refuseForeign(config: Resource): void {
  if (apiVersionOf(config) === "builtin") return;
  const kind = kindOf(config);
  const isFunction = FUNCTION_NOTES.some((note) => annotationOf(config, note) !== undefined);
  throw new BuildError(
    isFunction ? "FUNCTION_REFUSED" : "PLUGIN_REFUSED",
    `external plugins disabled; unable to load external plugin '${kind}'`,
  );
}
