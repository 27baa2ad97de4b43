import { posix } from "node:path";
import { createTransformations, runTransformations } from "./built-in-transformers.ts";
import { emptyConfig, mergeConfigs, type TransformerConfig } from "./config.ts";
import { addContext, BuildError, withContext } from "./errors.ts";
import { runGenerators } from "./generators.ts";
import { createSubLoader, isRemoteFile, type Loader, loadText } from "./load.ts";
import { appendPath, setOrigin } from "./origin.ts";
import { placeNamed } from "./place-named.ts";
import { loadTransformers, runTransformers, runValidators } from "./plugins.ts";
import { readResourcesOf } from "./read-resources.ts";
import { appendAll, createResourceMap, type ResourceMap } from "./resource-map.ts";
import { readConfig, readKustomization, type Target, useOpenApi } from "./target.ts";
import { addVars, describeWritten, mergeVars, type VarSet } from "./transform/variables.ts";

/** What has come together so far: resources, and what the last steps of the build need. */
export interface Accumulation {
  readonly map: ResourceMap;
  config: TransformerConfig;
  readonly vars: VarSet;
}

function createAccumulation(): Accumulation {
  return { map: createResourceMap(), config: emptyConfig, vars: new Map() };
}

/**
 * Brings together what a kustomization names and makes, in the order of the real one
 * (api/internal/target `accumulateTarget`). A component goes on with what its parent has.
 */
export function accumulateTarget(target: Target, start = createAccumulation()): Accumulation {
  try {
    return accumulate(target, start);
  } catch (error) {
    throw placeNamed(error, target);
  }
}

function accumulate(target: Target, start: Accumulation): Accumulation {
  const { kustomization } = target;
  let all = withContext("accumulating resources", () =>
    accumulateResources(target, start, kustomization.resources),
  );
  all.config = readConfig(target, all.config);
  runGenerators(target, all.map, loadPlugins);
  all = withContext("accumulating components", () => accumulateComponents(target, all));
  transform(target, all);
  runValidators(all.map, loadTransformers(target, kustomization.validators, loadPlugins));
  const context = `merging vars [${kustomization.vars.map(describeWritten).join(" ")}]`;
  withContext(context, () => mergeVars(all.map, all.vars, kustomization.vars));
  return all;
}

/** All transformers are read before the first one runs. */
function transform(target: Target, { map, config }: Accumulation): void {
  const transformations = createTransformations(target, config);
  const plugins = loadTransformers(target, target.kustomization.transformers, loadPlugins);
  runTransformations(target, map, transformations);
  runTransformers(map, plugins);
}

/** The resources of files and folders that configure plugins, behind those of the map. */
function loadPlugins(target: Target, paths: readonly string[], map: ResourceMap) {
  return accumulateResources(target, { ...createAccumulation(), map }, paths).map.list;
}

function accumulateResources(
  target: Target,
  start: Accumulation,
  paths: readonly string[],
): Accumulation {
  let all = start;
  for (const path of paths) all = accumulatePath(target, all, path);
  return all;
}

/** A path is tried as a file first; when it is none, as a folder. */
function accumulatePath(target: Target, all: Accumulation, path: string): Accumulation {
  const failure = accumulateFile(target, all, path);
  if (failure === undefined) return all;
  if (isRemoteFile(path) && failure.code === "REMOTE_DISABLED") throw addContext(failure, "", path);
  const loader = openFolder(target, path, failure);
  return withContext(`accumulation err='${failure.detail}'`, () =>
    accumulateFolder(descend(target, path, loader), all),
  );
}

function openFolder(target: Target, path: string, failure: BuildError): Loader {
  try {
    return createSubLoader(target.loader, path);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw chooseFailure(path, failure, error);
  }
}

/** Of two failures the one that the user meant is told: that of the file when there is one. */
function chooseFailure(path: string, failure: BuildError, error: BuildError): BuildError {
  if (failure.detail.includes("MalformedYAMLError")) return failure;
  const meant = failure.code === "FILE_NOT_FOUND" ? error : failure;
  const code = meant.code === "NOT_A_DIRECTORY" ? "FILE_NOT_FOUND" : meant.code;
  const { field, line, column } = meant;
  const place = { file: meant.file || path, field, line, column, cause: error };
  return new BuildError(code, `accumulation err='${failure.detail}': ${error.detail}`, place);
}

function accumulateFile(
  target: Target,
  { map }: Accumulation,
  path: string,
): BuildError | undefined {
  const { loader, origin } = target;
  try {
    const fresh = withContext(`accumulating resources from '${path}'`, () =>
      createResourceMap(readResourcesOf(loadText(loader, path), path)),
    );
    for (const resource of fresh.list) {
      resource.file = posix.resolve(loader.root, path);
      if (origin !== undefined) setOrigin(resource, appendPath(origin, path));
    }
    withContext(`merging resources from '${path}'`, () => appendAll(map, fresh.list));
    return undefined;
  } catch (error) {
    if (error instanceof BuildError) return error;
    throw error;
  }
}

function accumulateComponents(target: Target, start: Accumulation): Accumulation {
  let all = start;
  for (const path of target.kustomization.components) {
    const loader = quoting("loader.New ", () =>
      withContext("", () => createSubLoader(target.loader, path), path),
    );
    const descent = descend(target, path, loader);
    all = quoting("accumulateDirectory: ", () => accumulateFolder(descent, all, true));
  }
  return all;
}

/** What goes wrong in a component is told in quotes. */
function quoting<Result>(context: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw quote(error, context);
  }
}

function quote(error: unknown, context: string): unknown {
  if (!(error instanceof BuildError)) return error;
  const { code, detail, file, field, line, column } = error;
  const place = { file, field, line, column, cause: error };
  return new BuildError(code, `${context}${JSON.stringify(detail)}`, place);
}

interface Descent {
  readonly parent: Target;
  readonly path: string;
  readonly loader: Loader;
}

function descend(parent: Target, path: string, loader: Loader): Descent {
  return { parent, path, loader };
}

function accumulateFolder(
  { parent, path, loader }: Descent,
  all: Accumulation,
  isComponent = false,
): Accumulation {
  const { kustomization, file } = withContext(
    `couldn't make target for path '${loader.root}'`,
    () => readKustomization(loader),
  );
  parent.context.warnings.push(...kustomization.warnings);
  const target: Target = {
    kustomization,
    file,
    loader,
    context: parent.context,
    origin: parent.origin === undefined ? undefined : appendPath(parent.origin, path),
    buildMetadata: parent.buildMetadata,
    helmNamespace: parent.kustomization.namespace || parent.helmNamespace,
  };
  useOpenApi(target, false);
  requireComponent(target, isComponent);
  const context = `recursed accumulation of path '${loader.root}'`;
  if (isComponent) return withContext(context, () => accumulateTarget(target, all));
  const inner = withContext(context, () => accumulateTarget(target));
  return withContext(`recursed merging from path '${loader.root}'`, () => {
    appendAll(all.map, inner.map.list);
    all.config = mergeConfigs(all.config, inner.config);
    addVars(all.vars, inner.vars.values());
    return all;
  });
}

function requireComponent({ kustomization, loader, file }: Target, wanted: boolean): void {
  const { kind } = kustomization;
  if ((kind === "Component") === wanted) return;
  const message = wanted
    ? `expected kind 'Component' for path '${loader.root}' but got '${kind}'`
    : `expected kind != 'Component' for path '${loader.root}'`;
  throw new BuildError("WRONG_KIND", message, { file, field: "kind" });
}
