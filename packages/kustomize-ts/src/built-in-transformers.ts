import { configuring } from "./built-in-config.ts";
import type { TransformerConfig } from "./config.ts";
import { list } from "./decode.ts";
import { decodeYaml, readYaml } from "./decode-yaml.ts";
import { BuildError, withContext } from "./errors.ts";
import { mergeFieldSpecs } from "./field-spec.ts";
import type { Label, Replacement, ReplacementField } from "./kustomization-parts.ts";
import { replacement } from "./kustomization-parts.ts";
import { type Loader, loadText } from "./load.ts";
import { addTransformation, builtInOrigin } from "./origin.ts";
import {
  applyPatch,
  patchAll,
  patchJson,
  readJsonPatch,
  readPatch,
} from "./patch/apply-patches.ts";
import { readResources, readResourcesOf } from "./read-resources.ts";
import { originalId, type Resource } from "./resource.ts";
import { dropDeleted, findPatchTarget, type ResourceMap, touch } from "./resource-map.ts";
import { selectResources } from "./selector.ts";
import type { Target } from "./target.ts";
import { setImages } from "./transform/images.ts";
import { addEntries } from "./transform/labels.ts";
import { addNamePrefix, addNameSuffix } from "./transform/name-prefix.ts";
import { setNamespaces } from "./transform/namespace.ts";
import { applyReplacements } from "./transform/replacements.ts";
import { setReplicas } from "./transform/replicas.ts";
import { toJsonValue } from "./yaml/convert.ts";
import { formatGoJson } from "./yaml/go-json.ts";
import { Style, Tag, type YamlNode } from "./yaml/node.ts";
import { resolveOldTag } from "./yaml/resolve.ts";

/** One transformation: its kind as the real one names it, and what it does. */
export interface Transformation {
  readonly kind: string;
  readonly run: (map: ResourceMap) => void;
}

/**
 * What the fields of a kustomization ask for, in the order that the real one has
 * (api/internal/target `configureBuiltinTransformers`), whatever the order of the fields.
 */
export function createTransformations(
  target: Target,
  config: TransformerConfig,
): readonly Transformation[] {
  return [
    ...mergePatches(target),
    ...patches(target),
    ...namespaces(target, config),
    ...names(target, config),
    ...labels(target, config),
    ...annotations(target, config),
    ...jsonPatches(target),
    ...replicas(target, config),
    ...images(target, config),
    ...replacements(target),
  ];
}

/** Runs them on the resources of a map. */
export function runTransformations(
  { origin, file }: Target,
  map: ResourceMap,
  transformations: readonly Transformation[],
): void {
  for (const { kind, run } of transformations) {
    touch(map);
    run(map);
    if (origin !== undefined) addTransformation(map.list, builtInOrigin(origin, kind, file));
    dropDeleted(map);
  }
}

/** `patchesStrategicMerge`: each entry is a patch itself or a file of patches. */
function mergePatches({ kustomization, loader }: Target): Transformation[] {
  const entries = kustomization.patchesStrategicMerge;
  if (entries.length === 0) return [];
  const kind = "PatchStrategicMergeTransformer";
  const read = configuring(kind, { paths: entries }, () => {
    const all = entries.flatMap((entry) => readMergePatches(entry, loader));
    if (all.length > 0) return all;
    const message = `patch appears to be empty; files=[${entries.join(" ")}], Patch=`;
    throw new BuildError("INVALID_PATCH", message, { field: "patchesStrategicMerge" });
  });
  return [{ kind, run: (map) => applyMergePatches(map, read) }];
}

/** Merges each patch into the resource of its name.. */
export function applyMergePatches(map: ResourceMap, read: readonly Resource[]): void {
  for (const patch of read) {
    touch(map);
    patchAll(map, [findPatchTarget(map, originalId(patch))], patch);
  }
}

/** The patches of an entry of `patchesStrategicMerge`: YAML, or the path of a file of it. */
export function readMergePatches(entry: string, loader: Loader): Resource[] {
  try {
    return readResources(entry, "");
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return readResourcesOf(loadText(loader, entry), entry);
  }
}

function patches({ kustomization, loader }: Target): Transformation[] {
  const load = (path: string) => loadText(loader, path);
  return kustomization.patches.map((entry) => {
    const kind = "PatchTransformer";
    const read = configuring(kind, entry, () => readPatch(entry, load));
    return { kind, run: (map) => applyPatch(map, read, entry.target) };
  });
}

function namespaces(
  { kustomization: { namespace } }: Target,
  config: TransformerConfig,
): Transformation[] {
  if (namespace === "") return [];
  const settings = {
    namespace,
    fieldSpecs: config.namespace,
    unsetOnly: false,
    subjects: "defaultOnly",
  } as const;
  return [{ kind: "NamespaceTransformer", run: ({ list: all }) => setNamespaces(all, settings) }];
}

function names({ kustomization }: Target, config: TransformerConfig): Transformation[] {
  const { namePrefix, nameSuffix } = kustomization;
  const prefix = { affix: namePrefix, fieldSpecs: config.namePrefix };
  const suffix = { affix: nameSuffix, fieldSpecs: config.nameSuffix };
  return [
    ...(namePrefix === ""
      ? []
      : [
          { kind: "PrefixTransformer", run: (map: ResourceMap) => addNamePrefix(map.list, prefix) },
        ]),
    ...(nameSuffix === ""
      ? []
      : [
          { kind: "SuffixTransformer", run: (map: ResourceMap) => addNameSuffix(map.list, suffix) },
        ]),
  ];
}

const METADATA_LABELS = {
  group: "",
  version: "",
  kind: "",
  path: "metadata/labels",
  create: true,
} as const;

function labelSpecs(label: Label, config: TransformerConfig) {
  const merging = (what: string, ...specs: Parameters<typeof mergeFieldSpecs>) =>
    withContext(`failed to merge ${what}`, () => mergeFieldSpecs(...specs));
  const own = merging("labels", label.fields, config.labels);
  if (label.includeSelectors) return merging("labels", own, config.commonLabels);
  const templates = label.includeTemplates
    ? merging("template fieldSpec", own, config.templateLabels)
    : own;
  return merging("labels", templates, [METADATA_LABELS]);
}

function labels({ kustomization }: Target, config: TransformerConfig): Transformation[] {
  const { labels: entries, commonLabels } = kustomization;
  if (entries.length === 0 && commonLabels.size === 0) return [];
  const kind = "LabelTransformer";
  const own = entries.map((label) => {
    const fieldSpecs = labelSpecs(label, config);
    return {
      kind,
      run: (map: ResourceMap) => addEntries(map.list, { entries: label.pairs, fieldSpecs }),
    };
  });
  const common = { entries: commonLabels, fieldSpecs: config.commonLabels };
  return [...own, { kind, run: (map) => addEntries(map.list, common) }];
}

function annotations({ kustomization }: Target, config: TransformerConfig): Transformation[] {
  const entries = kustomization.commonAnnotations;
  if (entries.size === 0) return [];
  const settings = { entries, fieldSpecs: config.commonAnnotations };
  return [{ kind: "AnnotationsTransformer", run: (map) => addEntries(map.list, settings) }];
}

function jsonPatches({ kustomization, loader }: Target): Transformation[] {
  return kustomization.patchesJson6902.map(({ target, path, patch: jsonOp }) => {
    const config = { target, path, jsonOp };
    return configuring("PatchJson6902Transformer", config, () => createJsonPatch(config, loader));
  });
}

/** An entry of `patchesJson6902`. */
export function createJsonPatch(
  {
    target,
    path,
    jsonOp,
  }: { target: Parameters<typeof selectResources>[1] | undefined; path: string; jsonOp: string },
  loader: Loader,
): Transformation {
  const refuse = (message: string) =>
    new BuildError("INVALID_PATCH", message, { field: "patchesJson6902" });
  if (target === undefined || target.name === "") throw refuse("must specify the target name");
  if (path === "" && jsonOp === "") throw refuse("empty file path and empty jsonOp");
  if (path !== "" && jsonOp !== "") throw refuse("must specify a file path or jsonOp, not both");
  const text = path === "" ? jsonOp : loadText(loader, path);
  if (text === "") throw refuse(`patch file '${path}' empty seems to be empty`);
  const operations = readJsonPatch(text, path);
  if (operations.length === 0) {
    throw refuse(`patch appears to be empty; file=${path}, JsonOp=${showAsJson(text)}`);
  }
  return {
    kind: "PatchJson6902Transformer",
    run: (map) => {
      for (const resource of selectResources(map.list, target)) patchJson(resource, operations);
    },
  };
}

/** The text of a patch as it is applied: what does not look like JSON is made JSON. */
function showAsJson(text: string): string {
  if (text.startsWith("[")) return text;
  const root = readYaml(text, { file: "" });
  return root === undefined ? "null" : formatGoJson(toJsonValue(root));
}

function replicas({ kustomization }: Target, config: TransformerConfig): Transformation[] {
  return kustomization.replicas.map((replica) => ({
    kind: "ReplicaCountTransformer",
    run: (map) => setReplicas(map.list, { replica, fieldSpecs: config.replicas }),
  }));
}

function images({ kustomization }: Target, config: TransformerConfig): Transformation[] {
  return kustomization.images.map((image) => ({
    kind: "ImageTagTransformer",
    run: (map) => setImages(map.list, { image, fieldSpecs: config.images }),
  }));
}

function replacements({ kustomization, loader }: Target): Transformation[] {
  if (kustomization.replacements.length === 0) return [];
  const kind = "ReplacementTransformer";
  // An empty list does not survive that the real one writes the entries as YAML and reads them again.
  const entries = kustomization.replacements.map((entry) =>
    entry.targets?.length === 0 ? { ...entry, targets: undefined } : entry,
  );
  const read = configuring(kind, { Replacements: entries }, () =>
    readReplacements(entries, loader),
  );
  return [{ kind, run: (map) => applyReplacements(map.list, read) }];
}

/** Replacements as they stand in a kustomization, or in the files it names. */
export function readReplacements(
  entries: readonly ReplacementField[],
  loader: Loader,
): Replacement[] {
  return entries.flatMap((entry) => {
    const { path, source, targets } = entry;
    if (path === "") return [entry];
    if (source !== undefined || (targets ?? []).length > 0) {
      const message = "cannot specify both path and inline replacement";
      throw new BuildError("INVALID_REPLACEMENT", message, { field: "replacements" });
    }
    return readReplacementFile(loadText(loader, path), path);
  });
}

function readReplacementFile(content: string, file: string): readonly Replacement[] {
  const root = readYaml(content, { file });
  const options = { file, strict: false, coerce: true };
  if (root?.kind === "seq") {
    return decodeYaml(root, list(replacement, "Replacement"), options);
  }
  if (root?.kind === "map") return [decodeYaml(root, replacement, options)];
  const message = `unsupported replacement type encountered within replacement path: ${describeKind(root)}`;
  throw new BuildError("INVALID_REPLACEMENT", message, { file });
}

/** What Go's reflection calls the kind of a value. */
function describeKind(node: YamlNode | undefined): string {
  if (node === undefined || node.tag === Tag.null) return "invalid";
  const kinds: Readonly<Record<string, string>> = {
    [Tag.bool]: "bool",
    [Tag.int]: "float64",
    [Tag.float]: "float64",
  };
  const isPlain = node.style === Style.plain;
  return (isPlain ? kinds[resolveOldTag(node.value)] : undefined) ?? "string";
}
