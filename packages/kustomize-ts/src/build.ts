import { isAbsolute, posix, resolve } from "node:path";
import { accumulateTarget } from "./accumulate.ts";
import { Note } from "./build-notes.ts";
import type { Clone } from "./clone-repo.ts";
import { addContext, BuildError } from "./errors.ts";
import { diskFileSystem, type FileSystem } from "./file-system.ts";
import { addNameHashes } from "./generate/name-hash.ts";
import { createLoader, type LoadRestrictor } from "./load.ts";
import { builtInOpenApi, withOpenApi } from "./openapi.ts";
import { requireMetadata } from "./read-resources.ts";
import { parseRepoSpec } from "./repo-spec.ts";
import {
  annotationOf,
  apiVersionOf,
  kindOf,
  nameOf,
  namespaceOf,
  type Resource,
  removeBuildNotes,
} from "./resource.ts";
import { createResourceMap } from "./resource-map.ts";
import { readKustomization, type Target, useOpenApi } from "./target.ts";
import { addEntries } from "./transform/labels.ts";
import { fixNameReferences } from "./transform/name-references.ts";
import { LEGACY_ORDER, sortResources } from "./transform/order.ts";
import { resolveVars } from "./transform/variables.ts";
import { type JsonObject, toJsonObject } from "./yaml/convert.ts";
import { explainDuplicates } from "./yaml/duplicate-keys.ts";
import { emitDocument } from "./yaml/emit.ts";
import { fillFlow } from "./yaml/fill-flow.ts";
import { addKeptBreak } from "./yaml/kept-breaks.ts";

/** The version whose output this is. */
export const KUSTOMIZE_VERSION = "v5.8.1";

/** How to build; without an option, what `kustomize build` does without its flag. */
export interface BuildOptions {
  /** Where files are read from; this machine's when it is left out. */
  readonly fs?: FileSystem;
  /** Whether files outside of a kustomization's own folder may be read. */
  readonly loadRestrictor?: LoadRestrictor;
  /** Whether charts may be rendered, by the `helm` program. */
  readonly enableHelm?: boolean;
  readonly helmCommand?: string;
  /** What charts are told of the cluster, unless the kustomization says it itself. */
  readonly helmApiVersions?: readonly string[];
  readonly helmKubeVersion?: string;
  /** Whether helm is to say more of what it does. */
  readonly helmDebug?: boolean;
  /** Whether what is on another machine may be fetched, by `git`. */
  readonly allowRemote?: boolean;
  /**
   * The order of the output where the kustomization has no `sortOptions`: `none` as the resources
   * came, `legacy` by kind; `unspecified`, which the program passes without `--reorder`, is legacy.
   */
  readonly reorder?: "legacy" | "none" | "unspecified";
  /** Labels all with the program that rendered them. */
  readonly managedByLabel?: boolean;
}

/** One resource of the output. */
export interface RenderedResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** The resource as plain JSON, made when it is asked for. */
  readonly value: JsonObject;
  /** Its own document, without `---`. */
  readonly text: string;
}

/** What a build gives: the resources in their order, the same as text, and what is to be told. */
export interface BuildResult {
  readonly resources: readonly RenderedResource[];
  /** What `kustomize build` prints. */
  readonly text: string;
  /** What `kustomize build` says about fields that will go. */
  readonly warnings: readonly string[];
}

/**
 * Renders the kustomization of a folder: the same bytes as `kustomize build`. A relative path is
 * seen from the working directory, with a file system of one's own from `/`. Throws `BuildError`
 * for everything that is wrong with what it reads.
 */
export function build(path: string, options: BuildOptions = {}): BuildResult {
  const clones: Clone[] = [];
  try {
    return withOpenApi(builtInOpenApi, () => render(path, options, clones));
  } catch (error) {
    throw explainDepth(error);
  } finally {
    for (const { remove } of clones) remove();
  }
}

/** What is nested beyond the stack is a mistake of the input, not of the program. */
function explainDepth(error: unknown): unknown {
  if (!(error instanceof RangeError) || !/call stack|stack size/i.test(error.message)) return error;
  return new BuildError("YAML_TOO_DEEP", "the build is nested too deeply", { cause: error });
}

function render(path: string, options: BuildOptions, clones: Clone[]): BuildResult {
  const target = openTarget(path, options, clones);
  const all = accumulateTarget(target);
  addNameHashes(all.map.list);
  fixNameReferences(all.map.list, all.config.nameReference);
  const unused = resolveVars(all.map.list, all.vars, all.config.varReference);
  const resources = orderResources(dropLocal(all.map.list), target, options);
  addManagedByLabel(resources, target, options);
  removeNotes(resources, target);
  const rendered = resources.map((resource) => createRendered(resource, target.loader.root));
  const warnings = [...target.context.warnings];
  if (unused.length > 0) {
    warnings.push(`well-defined vars that were never replaced: ${unused.join(",")}`);
  }
  if (isOrderTwice(target, options)) warnings.push(ORDER_TWICE);
  return { resources: rendered, text: rendered.map(({ text }) => text).join("---\n"), warnings };
}

function openTarget(path: string, options: BuildOptions, clones: Clone[]): Target {
  const {
    fs = diskFileSystem,
    loadRestrictor: restrictor = "root-only",
    allowRemote = false,
  } = options;
  const absolute = findRoot(path, fs);
  const warnings: string[] = [];
  const loader = createLoader(absolute, { fs, restrictor, allowRemote, clones, warnings }, path);
  const { kustomization, file } = readKustomization(loader);
  warnings.push(...kustomization.warnings);
  const context = {
    helm: {
      isEnabled: options.enableHelm ?? false,
      command: options.helmCommand ?? "helm",
      apiVersions: options.helmApiVersions ?? [],
      kubeVersion: options.helmKubeVersion ?? "",
      debug: options.helmDebug ?? false,
    },
    warnings,
    hasSchema: false,
  };
  const { buildMetadata } = kustomization;
  const origin = buildMetadata.length === 0 ? undefined : {};
  const target = { kustomization, file, loader, context, origin, buildMetadata, helmNamespace: "" };
  useOpenApi(target, true);
  return target;
}

function findRoot(path: string, fs: FileSystem): string {
  if (path === "") {
    const message = "must build at directory: directory path cannot be empty";
    throw new BuildError("NOT_A_DIRECTORY", message);
  }
  if (isAbsolute(path) || parseRepoSpec(path) !== undefined) return path;
  return fs === diskFileSystem ? resolve(path) : posix.join("/", path);
}

/** The resources that are to be printed; by now each must have a name of its own. */
function dropLocal(resources: readonly Resource[]): readonly Resource[] {
  for (const { node } of resources) requireMetadata(node, "");
  return createResourceMap(resources.filter((resource) => !isLocal(resource))).list;
}

/** Resources that are only for the tools of a repository. */
function isLocal(resource: Resource): boolean {
  const value = annotationOf(resource, "config.kubernetes.io/local-config");
  return value !== undefined && value !== "false";
}

function orderResources(
  resources: readonly Resource[],
  { kustomization }: Target,
  { reorder = "none" }: BuildOptions,
): readonly Resource[] {
  if (kustomization.sortOptions !== undefined) {
    return sortResources(resources, kustomization.sortOptions);
  }
  return reorder === "none" ? resources : sortResources(resources, LEGACY_ORDER);
}

const ORDER_TWICE =
  "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI flag " +
  "('--reorder'). Using the kustomization file over the CLI flag.";

function isOrderTwice({ kustomization }: Target, { reorder = "unspecified" }: BuildOptions) {
  return kustomization.sortOptions !== undefined && reorder !== "unspecified";
}

function addManagedByLabel(
  resources: readonly Resource[],
  { buildMetadata }: Target,
  { managedByLabel = false }: BuildOptions,
): void {
  if (!managedByLabel && !buildMetadata.includes("managedByLabel")) return;
  const path = { group: "", version: "", kind: "", path: "metadata/labels", create: true };
  const entries = new Map([["app.kubernetes.io/managed-by", `kustomize-${KUSTOMIZE_VERSION}`]]);
  addEntries(resources, { entries, fieldSpecs: [path] });
}

function removeNotes(resources: readonly Resource[], { buildMetadata }: Target): void {
  const others = [
    ...(buildMetadata.includes("originAnnotations") ? [] : [Note.origin]),
    ...(buildMetadata.includes("transformerAnnotations") ? [] : [Note.transformations]),
  ];
  for (const resource of resources) removeBuildNotes(resource, others);
}

function createRendered(resource: Resource, root: string): RenderedResource {
  const { node } = resource;
  addKeptBreak(node);
  fillFlow(node);
  let value: JsonObject | undefined;
  return {
    apiVersion: apiVersionOf(resource),
    kind: kindOf(resource),
    name: nameOf(resource),
    namespace: namespaceOf(resource) || undefined,
    get value() {
      value ??= toJsonObject(node);
      return value;
    },
    text: printResource(resource, root),
  };
}

/** The real one shows here a map that it could not decode either (api/resmap `AsYaml`). */
function printResource({ node, file }: Resource, root: string): string {
  try {
    return emitDocument(node);
  } catch (cause) {
    const error = explainDuplicates(node, cause);
    const isUndecoded = error instanceof BuildError && error.detail.startsWith("yaml: ");
    const context = isUndecoded ? "map[string]interface {}(nil)" : "";
    throw addContext(error, context, file === "" ? "" : posix.relative(root, file));
  }
}
