import { Note } from "../build-notes.ts";
import { printConfig } from "../built-in-config.ts";
import { addContext, BuildError, withContext } from "../errors.ts";
import type { Patch } from "../kustomization-parts.ts";
import { readResources } from "../read-resources.ts";
import { formatApiVersion, formatId, idKey } from "../res-id.ts";
import {
  annotationsOf,
  copyResource,
  currentId,
  enable,
  gvkOf,
  isDeleted,
  isEnabled,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  type Resource,
  setAnnotations,
  setApiVersion,
  setKind,
  setName,
  setNamespace,
  storePreviousId,
} from "../resource.ts";
import { copyMetadata, findPatchTarget, type ResourceMap, touch } from "../resource-map.ts";
import { type Selector, selectResources } from "../selector.ts";
import { createFromValue, type JsonObject, toJsonObject, toJsonValue } from "../yaml/convert.ts";
import { explainDuplicates } from "../yaml/duplicate-keys.ts";
import { fillFlow } from "../yaml/fill-flow.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import { addKeptBreak } from "../yaml/kept-breaks.ts";
import { createNode, getField, isNull, Style, Tag, type YamlNode } from "../yaml/node.ts";
import { parseOldYaml } from "../yaml/parse-old.ts";
import { readOldTypes, resolveTag } from "../yaml/resolve.ts";
import { decodeScalar, formatGoFloat } from "../yaml/scalar-value.ts";
import { type Operation, readOperations } from "./json-operation.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { mergeStrategic } from "./strategic-merge.ts";

/** A patch, read. */
export type ReadPatch =
  | { readonly kind: "json"; readonly operations: readonly Operation[]; readonly source: string }
  | { readonly kind: "merge"; readonly patches: readonly Resource[]; readonly source: string };

/** Reads an entry of `patches`: it is a strategic merge patch or a list of JSON operations. */
export function readPatch(
  patch: Patch,
  load: (path: string) => string,
  describe = () => printConfig(patch),
): ReadPatch {
  const inline = patch.patch.trim();
  requireOneSource(inline, patch.path, describe);
  const source = inline === "" ? `[path: "${patch.path}"]` : `[patch: ${JSON.stringify(inline)}]`;
  const text = inline === "" ? loadPatch(patch.path, load) : inline;
  const merge = attempt(() => readResources(text, patch.path));
  const json = attempt(() => readJsonPatch(text, patch.path));
  if (merge.error !== undefined && json.error !== undefined) {
    const { line, column } = merge.error;
    throw new BuildError("INVALID_PATCH", `unable to parse SM or JSON patch from ${source}`, {
      file: patch.path,
      line,
      column,
      cause: merge.error,
    });
  }
  if ((merge.value ?? []).length > 0 && (json.value ?? []).length > 0) {
    const message = `illegally qualifies as both an SM and JSON patch: ${source}`;
    throw new BuildError("INVALID_PATCH", message, { file: patch.path });
  }
  if (merge.value === undefined) return { kind: "json", operations: json.value ?? [], source };
  for (const resource of merge.value) {
    if (patch.options?.allowNameChange) enable(resource, Note.allowNameChange);
    if (patch.options?.allowKindChange) enable(resource, Note.allowKindChange);
  }
  return { kind: "merge", patches: merge.value, source };
}

/** A patch is written in the entry or in a file, not in both. */
function requireOneSource(inline: string, path: string, describe: () => string): void {
  if (inline === "" && path === "") {
    throw new BuildError("INVALID_PATCH", `must specify one of patch and path in\n${describe()}`, {
      field: "patches",
    });
  }
  if (inline !== "" && path !== "") {
    throw new BuildError(
      "INVALID_PATCH",
      `patch and path can't be set at the same time\n${describe()}`,
      {
        field: "patches",
      },
    );
  }
}

function loadPatch(path: string, load: (path: string) => string): string {
  return withContext(`failed to get the patch file from path(${path})`, () => load(path), path);
}

function attempt<Value>(read: () => Value): { value?: Value; error?: BuildError } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof BuildError) return { error };
    throw error;
  }
}

/** Reads JSON operations, written as JSON or as YAML. */
export function readJsonPatch(text: string, file: string): Operation[] {
  if (text === "") throw new BuildError("INVALID_PATCH", "empty json patch operations", { file });
  // The real one takes what begins so for JSON and does not look at it as YAML (PatchTransformer.go).
  const isJson = text.startsWith("[");
  if (isJson) requireJson(text, file);
  const root = parseOldYaml(text, { file });
  if (root === undefined || isNull(root)) return [];
  readOldTypes(root);
  try {
    return readOperations(root, isJson);
  } catch (error) {
    throw addContext(error, `decoding ${isJson ? text : formatGoJson(toJsonValue(root))}`);
  }
}

function requireJson(text: string, file: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw notJson(file, error);
  }
}

function notJson(file: string, cause: unknown): BuildError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BuildError("INVALID_PATCH", `the patch is not JSON: ${reason}`, { file, cause });
}

/** Applies a patch to what it selects, or to the resource whose id it has. */
export function applyPatch(map: ResourceMap, patch: ReadPatch, target: Selector | undefined): void {
  if (patch.kind === "json") {
    if (target === undefined) {
      const message = `must specify a target for JSON patch ${patch.source}`;
      throw new BuildError("INVALID_PATCH", message, { field: "patches" });
    }
    for (const resource of selectResources(map.list, target)) {
      storePreviousId(resource);
      patchJson(resource, patch.operations, { keepsNotes: false });
    }
  } else if (target !== undefined) {
    applyToSelected(map, patch, target);
  } else {
    for (const resource of patch.patches) applyToNamed(map, resource);
  }
  touch(map);
}

function applyToNamed(map: ResourceMap, patch: Resource): void {
  const id = originalId(patch);
  const context = `no resource matches strategic merge patch "${formatId(id)}"`;
  const target = withContext(context, () => findPatchTarget(map, id));
  patchMerge(target, copyResource(patch));
}

function applyToSelected(
  map: ResourceMap,
  { patches, source }: { patches: readonly Resource[]; source: string },
  target: Selector,
): void {
  const [patch] = patches;
  if (patches.length > 1) {
    const message = `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`;
    throw new BuildError("INVALID_PATCH", message, { field: "patches" });
  }
  if (patch === undefined) return;
  const { annotationSelector, labelSelector } = target;
  const text = `${formatId({ ...target, clusterScoped: false })}:a=${annotationSelector}:l=${labelSelector}`;
  const context = `unable to find patch target ${JSON.stringify(text)} in \`resources\``;
  const selected = withContext(context, () => selectResources(map.list, target));
  patchAll(map, selected, patch);
}

/** Patches several resources with copies of one patch; what it deletes is gone from the map. */
export function patchAll(map: ResourceMap, selected: readonly Resource[], patch: Resource): void {
  const ids = new Set(selected.map((resource) => idKey(currentId(resource))));
  for (const resource of map.list) {
    if (!ids.has(idKey(currentId(resource)))) continue;
    const copy = copyResource(patch);
    copyMetadata(copy, patch);
    const gvk = gvkOf(resource);
    setKind(copy, gvk.kind);
    setApiVersion(copy, formatApiVersion(gvk));
    setKind(copy, kindOf(patch));
    patchMerge(resource, copy);
  }
  const left = map.list.filter((resource) => !isDeleted(resource));
  map.list = [];
  touch(map);
  const seen = new Set<string>();
  for (const resource of left) {
    const id = currentId(resource);
    const key = idKey(id);
    if (seen.has(key)) {
      const message = `may not add resource with an already registered id: ${formatId(id)}`;
      throw new BuildError("DUPLICATE_RESOURCE", message);
    }
    seen.add(key);
    map.list.push(resource);
  }
}

/** Merges a patch; name and kind stay unless the patch may change them, the namespace always. */
function patchMerge(resource: Resource, patch: Resource): void {
  const [name, namespace, kind] = [nameOf(resource), namespaceOf(resource), kindOf(resource)];
  const allowsName = isEnabled(patch, Note.allowNameChange);
  const allowsKind = isEnabled(patch, Note.allowKindChange);
  if (allowsName || allowsKind) storePreviousId(resource);
  const merged = mergeStrategic(resource.node, patch.node, { prepend: true });
  if (merged === undefined) {
    resource.node = createNode("none", "", "", 0);
    return;
  }
  if (isDeleted(resource)) return;
  if (!allowsKind) setKind(resource, kind);
  if (!allowsName) setName(resource, name);
  setNamespace(resource, namespace);
}

const INTERNAL =
  /^internal\.config\.kubernetes\.io\/|^config\.kubernetes\.io\/(?:path|index)$|^config\.k8s\.io\/id$/;

/**
 * Applies JSON operations; what the build has noted stays, whatever they do. Where that cannot be,
 * because the metadata is no map any more, it is an error if the notes are to be kept.
 */
export function patchJson(
  resource: Resource,
  operations: readonly Operation[],
  { keepsNotes = true } = {},
): void {
  const notes = [...annotationsOf(resource)].filter(([name]) => INTERNAL.test(name));
  addKeptBreak(resource.node);
  fillFlow(resource.node);
  const node = createFromValue(readAsJson(resource.node));
  applyJsonPatch(node, operations);
  formatAsJson(node);
  resource.node = node;
  const metadata = getField(node, "metadata");
  if (!keepsNotes && metadata !== undefined && metadata.kind !== "map" && !isNull(metadata)) return;
  setAnnotations(resource, new Map([...annotationsOf(resource), ...notes]));
}

function readAsJson(node: YamlNode): JsonObject {
  try {
    return toJsonObject(node);
  } catch (error) {
    throw explainDuplicates(node, error);
  }
}

/**
 * The patched JSON is read with every number as a float64 and printed by go-yaml
 * (RNode.UnmarshalJSON): long integers are rounded, and a million is 1e+06 to who copies its text. A
 * text of several lines becomes a block.
 */
function formatAsJson(node: YamlNode): void {
  for (const child of node.content) formatAsJson(child);
  if (node.tag === Tag.string && node.value.includes("\n")) node.style = Style.literal;
  if (node.tag !== Tag.int && node.tag !== Tag.float) return;
  node.value = formatGoFloat(Number(decodeScalar(node).text));
  node.tag = resolveTag(node.value);
  node.style = Style.plain;
}
