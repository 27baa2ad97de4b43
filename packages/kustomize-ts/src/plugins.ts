import { findPlugin } from "./built-in-plugins.ts";
import { BuildError, withContext } from "./errors.ts";
import { addOrigin, addTransformation, appendPath, pluginOrigin, setOrigin } from "./origin.ts";
import { type Plugin, requireJson } from "./plugin.ts";
import { readResources } from "./read-resources.ts";
import { formatId, idKey } from "./res-id.ts";
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
import { toJsonValue } from "./yaml/convert.ts";
import { formatGoJson } from "./yaml/go-json.ts";

/**
 * Reads the resources of files and folders, and gives them behind those that the map has; given,
 * since folders lead back to the whole build.
 */
export type LoadPlugins = (
  target: Target,
  paths: readonly string[],
  map: ResourceMap,
) => readonly Resource[];

/** A generator that has a file of its own, ready to run. */
export interface GeneratorPlugin {
  readonly config: Resource;
  readonly generate: () => readonly Resource[];
}

/** Reads the generators that have a file of their own. */
export function loadGenerators(target: Target, load: LoadPlugins): GeneratorPlugin[] {
  const settings = { entries: target.kustomization.generators, role: "generator" } as const;
  return readConfigs(target, settings, load).map((config) =>
    withContext("failed to load generator", () => {
      const plugin = configure(config, target);
      if (plugin.kind === "generator") return { config, generate: plugin.generate };
      const message = `plugin ${formatId(originalId(config))} not a generator`;
      throw new BuildError("INVALID_CONFIG", message);
    }),
  );
}

/** Runs the generators that have a file of their own. */
export function runGeneratorPlugins(map: ResourceMap, plugins: readonly GeneratorPlugin[]): void {
  for (const { config, generate } of plugins) {
    const resources = generate();
    addOrigin(resources, pluginOrigin(config));
    withContext("merging from generator", () => absorb(map, resources));
  }
}

/** A transformer that has a file of its own, ready to run. */
export interface TransformerPlugin {
  readonly config: Resource;
  readonly transform: (map: ResourceMap) => void;
}

/** Reads the transformers, or the validators, that have a file of their own. */
export function loadTransformers(
  target: Target,
  entries: readonly string[],
  load: LoadPlugins,
): TransformerPlugin[] {
  return readConfigs(target, { entries, role: "transformer" }, load).map((config) => {
    const plugin = configure(config, target);
    if (plugin.kind === "transformer") return { config, transform: plugin.transform };
    const message = `plugin ${formatId(originalId(config))} not a transformer`;
    throw new BuildError("INVALID_CONFIG", message);
  });
}

/** Runs the transformers that have a file of their own. */
export function runTransformers(map: ResourceMap, plugins: readonly TransformerPlugin[]): void {
  for (const { config, transform } of plugins) {
    touch(map);
    transform(map);
    const origin = pluginOrigin(config);
    if (origin !== undefined) addTransformation(map.list, origin);
    dropDeleted(map);
  }
}

const VALIDATED_BY = "validated-by";

/** Runs the validators; they may refuse the resources, but not change them. */
export function runValidators(map: ResourceMap, plugins: readonly TransformerPlugin[]): void {
  for (const { transform } of plugins) {
    const before = map.list.map(copyResource);
    touch(map);
    transform(map);
    touch(map);
    refuseChange(before, map.list.map(withoutMark));
  }
}

/** The one label that a validator may set is not looked at. */
function withoutMark(resource: Resource): Resource {
  const copy = copyResource(resource);
  const labels = labelsOf(copy);
  if (labels.delete(VALIDATED_BY)) setLabels(copy, labels);
  return copy;
}

function refuseChange(before: readonly Resource[], after: readonly Resource[]): void {
  const refuse = (reason: string) => {
    const message = `validator shouldn't modify the resource map: ${reason}`;
    return new BuildError("VALIDATION_FAILED", message, { field: "validators" });
  };
  if (before.length !== after.length) throw refuse("lists have different number of entries");
  const byId = new Map(after.map((resource) => [idKey(currentId(resource)), resource]));
  for (const resource of before) {
    const id = currentId(resource);
    const now = byId.get(idKey(id));
    if (now === undefined) throw refuse(`id in self missing from other; id: ${formatId(id)}`);
    const [old, changed] = [resource, now].map(({ node }) => formatGoJson(toJsonValue(node)));
    if (old !== changed) throw refuse(`nodes unequal: \n -- ${old},\n -- ${changed}\n`);
  }
}

/** Reads the entries of `generators` and the like: a configuration itself, or where it stands. */
function readConfigs(
  target: Target,
  { entries, role }: { entries: readonly string[]; role: "generator" | "transformer" },
  load: LoadPlugins,
): readonly Resource[] {
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
  return load(target, paths, map);
}

function configure(config: Resource, target: Target): Plugin {
  refuseForeign(config);
  const create = findPlugin(config);
  const id = formatId(originalId(config));
  withContext(`marshalling yaml from res ${id}`, () => requireJson(config));
  return withContext(`plugin ${id} fails configuration`, () => create(config, target));
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
