import { BUILD_NOTES, Note } from "./build-notes.ts";
import { BuildError } from "./errors.ts";
import { isClusterScoped } from "./openapi.ts";
import { effectiveNamespace, type Gvk, parseApiVersion, type ResId } from "./res-id.ts";
import { clearField, lookup, setField } from "./yaml/access.ts";
import {
  copyNode,
  createNode,
  createPlain,
  createString,
  getField,
  isEmpty,
  removeField,
  Style,
  Tag,
  type YamlNode,
} from "./yaml/node.ts";

/** A resource on its way through a build: the tree that transformers edit, and who refers to it. */
export interface Resource {
  /** The document; of kind "none" once a patch has deleted it. */
  node: YamlNode;
  /** The vars that read from it. */
  refVarNames: string[];
  /** The whole path of the file that it was read from; "" where it was made. */
  file: string;
}

const ENABLED = "enabled";

export function createResource(node: YamlNode): Resource {
  return { node, refVarNames: [], file: "" };
}

export function copyResource({ node, refVarNames, file }: Resource): Resource {
  return { node: copyNode(node), refVarNames: [...refVarNames], file };
}

export function kindOf({ node }: Resource): string {
  return getField(node, "kind")?.value ?? "";
}

export function apiVersionOf({ node }: Resource): string {
  return getField(node, "apiVersion")?.value ?? "";
}

export function gvkOf(resource: Resource): Gvk {
  const { group, version } = parseApiVersion(apiVersionOf(resource));
  return { group, version, kind: kindOf(resource) };
}

function metadataOf({ node }: Resource): YamlNode | undefined {
  const metadata = getField(node, "metadata");
  return isEmpty(metadata) ? undefined : metadata;
}

function metadataText(resource: Resource, name: string): string {
  const field = getField(metadataOf(resource), name);
  return isEmpty(field) ? "" : (field?.value ?? "");
}

export function nameOf(resource: Resource): string {
  return metadataText(resource, "name");
}

export function namespaceOf(resource: Resource): string {
  return metadataText(resource, "namespace");
}

export function setKind({ node }: Resource, kind: string): void {
  setField(node, "kind", createPlain(kind));
}

export function setApiVersion({ node }: Resource, apiVersion: string): void {
  setField(node, "apiVersion", createPlain(apiVersion));
}

export function setName({ node }: Resource, name: string): void {
  const metadata = lookup(node, ["metadata"], "map");
  if (metadata !== undefined) setField(metadata, "name", createPlain(name));
}

/** Sets the namespace; "" removes it. */
export function setNamespace({ node }: Resource, namespace: string): void {
  if (namespace === "") {
    clearField(lookup(node, ["metadata"]), "namespace");
    return;
  }
  const metadata = lookup(node, ["metadata"], "map");
  if (metadata !== undefined) setField(metadata, "namespace", createPlain(namespace));
}

function metadataMap(resource: Resource, field: string): Map<string, string> {
  const map = getField(metadataOf(resource), field);
  const result = new Map<string, string>();
  const content = map?.content ?? [];
  if (content.length % 2 === 1) throw oddNumber(field);
  for (let i = 0; i < content.length; i += 2) {
    result.set(content[i]?.value ?? "", content[i + 1]?.value ?? "");
  }
  return result;
}

/** The real one panics at a list in place of the map, and at notes that do not go together. */
function oddNumber(what: string): BuildError {
  return new BuildError("INVALID_RESOURCE", `the ${what} of a resource do not go in pairs`);
}

/** All annotations, those of the build among them, as texts. */
export function annotationsOf(resource: Resource): Map<string, string> {
  return metadataMap(resource, "annotations");
}

export function labelsOf(resource: Resource): Map<string, string> {
  return metadataMap(resource, "labels");
}

/** One annotation, without reading the others. */
export function annotationOf(resource: Resource, name: string): string | undefined {
  return getField(getField(metadataOf(resource), "annotations"), name)?.value;
}

export function setAnnotations(resource: Resource, values: ReadonlyMap<string, string>): void {
  setMetadataMap(resource, "annotations", values);
}

export function setLabels(resource: Resource, values: ReadonlyMap<string, string>): void {
  setMetadataMap(resource, "labels", values);
}

/** Writes a map anew, every value a string; an empty one leaves nothing. */
function setMetadataMap(
  { node }: Resource,
  field: string,
  values: ReadonlyMap<string, string>,
): void {
  const metadata = lookup(node, ["metadata"], "map");
  if (metadata === undefined) return;
  clearField(metadata, field);
  if (values.size === 0) return;
  const map = createNode("map", Tag.none, "", Style.plain);
  setField(metadata, field, map);
  for (const key of [...values.keys()].sort()) {
    setField(map, key, createString(values.get(key) ?? ""));
  }
}

/** Sets one annotation as kyaml's `AnnotationSetter` does: quoted, the others untouched. */
export function setAnnotation({ node }: Resource, name: string, value: string): void {
  clearIfEmpty(getField(node, "metadata"), "annotations");
  clearIfEmpty(node, "metadata");
  const annotations = lookup(node, ["metadata", "annotations"], "map");
  if (annotations === undefined) return;
  setField(annotations, name, createNode("scalar", Tag.string, value, Style.singleQuoted));
}

function clearIfEmpty(map: YamlNode | undefined, name: string): void {
  const field = getField(map, name);
  if (map !== undefined && field !== undefined && field.content.length === 0)
    removeField(map, name);
}

function listNote(resource: Resource, name: string): string[] {
  return annotationOf(resource, name)?.split(",") ?? [];
}

function appendNote(resource: Resource, name: string, value: string): void {
  if (value === "") return;
  const text = annotationOf(resource, name);
  setAnnotation(resource, name, text === undefined ? value : `${text},${value}`);
}

/** Notes a prefix that its name got, for the references to it. */
export function addPrefix(resource: Resource, prefix: string): void {
  appendNote(resource, Note.prefixes, prefix);
}

/** Notes a suffix that its name got, for the references to it. */
export function addSuffix(resource: Resource, suffix: string): void {
  appendNote(resource, Note.suffixes, suffix);
}

export function prefixesOf(resource: Resource): string[] {
  return listNote(resource, Note.prefixes);
}

export function suffixesOf(resource: Resource): string[] {
  return listNote(resource, Note.suffixes);
}

/** Switches on one of the notes that are on or off. */
export function enable(resource: Resource, note: string): void {
  setAnnotations(resource, annotationsOf(resource).set(note, ENABLED));
}

/** Whether an annotation has the value "enabled". */
export function isEnabled(resource: Resource, note: string): boolean {
  return annotationOf(resource, note) === ENABLED;
}

/** Keeps something about a resource in an annotation that the end of the build takes off. */
export function setNote(resource: Resource, note: string, value: string): void {
  setAnnotations(resource, annotationsOf(resource).set(note, value));
}

/** The id that the resource has now. */
export function currentId(resource: Resource): ResId {
  const apiVersion = apiVersionOf(resource);
  const { group, version } = parseApiVersion(apiVersion);
  const kind = kindOf(resource);
  return {
    group,
    version,
    kind,
    name: nameOf(resource),
    namespace: namespaceOf(resource),
    clusterScoped: isClusterScoped(apiVersion, kind),
  };
}

/** The ids it had before, the first one first. */
export function previousIds(resource: Resource): ResId[] {
  const names = annotationOf(resource, Note.previousNames);
  if (names === undefined) return [];
  const namespaces = listNote(resource, Note.previousNamespaces);
  const kinds = listNote(resource, Note.previousKinds);
  const values = names.split(",");
  if (namespaces.length !== values.length || kinds.length !== values.length) {
    throw oddNumber("previous names");
  }
  const { group, version } = parseApiVersion(apiVersionOf(resource));
  // Ids of the past are not looked up: their namespace already says that they have none.
  return values.map((name, i) => ({
    group,
    version,
    kind: kinds[i] ?? "",
    name,
    namespace: namespaces[i] ?? "",
    clusterScoped: false,
  }));
}

/** What the resource was called in its file, before prefixes, suffixes and namespaces. */
export function originalId(resource: Resource): ResId {
  return previousIds(resource)[0] ?? currentId(resource);
}

/** Notes the id before it changes. */
export function storePreviousId(resource: Resource): void {
  const id = currentId(resource);
  appendNote(resource, Note.previousNames, id.name);
  appendNote(resource, Note.previousNamespaces, effectiveNamespace(id));
  appendNote(resource, Note.previousKinds, id.kind);
}

/** Takes the notes of the build off, and more annotations that were only for the build. */
export function removeBuildNotes(resource: Resource, others: readonly string[] = []): void {
  const annotations = annotationsOf(resource);
  // An empty map of annotations goes only when something else is to be taken off as well.
  if (annotations.size === 0 && others.length === 0) return;
  for (const note of [...BUILD_NOTES, ...others]) annotations.delete(note);
  setAnnotations(resource, annotations);
}

/** Whether a patch left nothing of it. */
export function isDeleted({ node }: Resource): boolean {
  return isEmpty(node);
}
