import { BUILD_NOTES, Note } from "./build-notes.ts";
import { BuildError } from "./errors.ts";
import { formatId, idKey, type ResId } from "./res-id.ts";
import {
  annotationOf,
  annotationsOf,
  currentId,
  isDeleted,
  labelsOf,
  nameOf,
  namespaceOf,
  previousIds,
  type Resource,
  setAnnotations,
  setLabels,
  setName,
  setNamespace,
} from "./resource.ts";
import { clearField, lookup, setField } from "./yaml/access.ts";
import { toJsonValue } from "./yaml/convert.ts";
import { formatGoJson } from "./yaml/go-json.ts";
import { createNode, getField, Style, Tag, textOf } from "./yaml/node.ts";

/** The resources of a build in the order in which they were met; an id is there only once. */
export interface ResourceMap {
  list: Resource[];
  /** The ids of the list, while only additions were made; undefined after any other change. */
  ids: Map<string, Resource> | undefined;
}

export function createResourceMap(resources: readonly Resource[] = []): ResourceMap {
  const map: ResourceMap = { list: [], ids: new Map() };
  for (const resource of resources) append(map, resource);
  return map;
}

/** Says that ids may have changed. */
export function touch(map: ResourceMap): void {
  map.ids = undefined;
}

function idsOf(map: ResourceMap): Map<string, Resource> {
  map.ids ??= new Map(map.list.map((resource) => [idKey(currentId(resource)), resource]));
  return map.ids;
}

/** Adds a resource at the end; refuses one whose id is there. */
export function append(map: ResourceMap, resource: Resource): void {
  const id = currentId(resource);
  const key = idKey(id);
  const ids = idsOf(map);
  if (ids.has(key)) {
    throw new BuildError(
      "DUPLICATE_RESOURCE",
      `may not add resource with an already registered id: ${formatId(id)}`,
    );
  }
  ids.set(key, resource);
  map.list.push(resource);
}

export function appendAll(map: ResourceMap, resources: readonly Resource[]): void {
  for (const resource of resources) append(map, resource);
}

/** The resources that have the id, or had it before. */
export function findByAnyId(map: ResourceMap, matches: (id: ResId) => boolean): Resource[] {
  return map.list.filter((resource) => {
    if (isDeleted(resource)) return false;
    return previousIds(resource).some(matches) || matches(currentId(resource));
  });
}

/** The one resource that has or had the id of a patch. */
export function findPatchTarget(map: ResourceMap, id: ResId): Resource {
  const key = idKey(id);
  const found = findByAnyId(map, (other) => idKey(other) === key);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const problem = found.length > 1 ? "multiple" : "no";
  throw new BuildError(
    "NO_PATCH_TARGET",
    `${problem} matches for Id ${formatId(id)}; failed to find unique target for patch ${formatId(id)}`,
  );
}

/** Takes out what patches have deleted. */
export function dropDeleted(map: ResourceMap): void {
  if (!map.list.some(isDeleted)) return;
  map.list = map.list.filter((resource) => !isDeleted(resource));
  touch(map);
}

/** Adds generated resources, each by its behavior: a new one, or over one that is there. */
export function absorb(map: ResourceMap, resources: readonly Resource[]): void {
  for (const resource of resources) absorbOne(map, resource);
}

function absorbOne(map: ResourceMap, resource: Resource): void {
  const id = currentId(resource);
  const key = idKey(id);
  const matches = findByAnyId(map, (other) => idKey(other) === key);
  const behavior = annotationOf(resource, Note.behavior) ?? "unspecified";
  const [old] = matches;
  if (old === undefined) {
    if (behavior === "merge" || behavior === "replace") {
      const message = `id ${goId(id)} does not exist; cannot merge or replace`;
      throw new BuildError("INVALID_GENERATOR", message);
    }
    append(map, resource);
    return;
  }
  if (matches.length > 1) {
    const found = matches.map(({ node }) => formatGoJson(toJsonValue(node))).join(" ");
    const message = `found multiple objects [${found}] that could accept merge of ${formatId(id)}`;
    throw new BuildError("INVALID_GENERATOR", message);
  }
  mergeGenerated(resource, { old, behavior, id });
  map.list[map.list.indexOf(old)] = resource;
  touch(map);
}

function mergeGenerated(
  resource: Resource,
  { old, behavior, id }: { old: Resource; behavior: string; id: ResId },
): void {
  switch (behavior) {
    case "replace":
      copyMetadata(resource, old);
      return;
    case "merge": {
      const origin = annotationOf(old, Note.origin);
      copyMetadata(resource, old);
      mergeData(resource, old, "data");
      mergeData(resource, old, "binaryData");
      if (origin !== undefined) {
        setAnnotations(resource, annotationsOf(resource).set(Note.origin, origin));
      }
      return;
    }
    default:
      throw new BuildError(
        "INVALID_GENERATOR",
        `id ${goId(id)} exists; can not use behavior: '${behavior}', behavior must be merge or replace`,
      );
  }
}

/** An id as Go prints the struct. */
function goId({ group, version, kind, name, namespace, clusterScoped }: ResId): string {
  const text = (value: string) => JSON.stringify(value);
  return (
    `resid.ResId{Gvk:resid.Gvk{Group:${text(group)}, Version:${text(version)}, Kind:${text(kind)}, ` +
    `isClusterScoped:${clusterScoped}}, Name:${text(name)}, Namespace:${text(namespace)}}`
  );
}

/** Labels and annotations of both, those of the build from the old one; name and namespace too. */
export function copyMetadata(resource: Resource, old: Resource): void {
  setLabels(resource, new Map([...labelsOf(old), ...labelsOf(resource)]));
  const own = annotationsOf(resource);
  const before = annotationsOf(old);
  const merged = new Map([...before, ...own]);
  for (const note of BUILD_NOTES) {
    const value = before.get(note);
    if (value === undefined) merged.delete(note);
    else merged.set(note, value);
  }
  if (!own.has(Note.needsHash)) merged.delete(Note.needsHash);
  setAnnotations(resource, merged);
  setName(resource, nameOf(old));
  setNamespace(resource, namespaceOf(old));
  resource.refVarNames = [...old.refVarNames];
}

function mergeData(resource: Resource, old: Resource, field: string): void {
  const merged = new Map<string, string>();
  for (const source of [old, resource]) {
    const map = getField(source.node, field);
    for (let i = 0; map !== undefined && i + 1 < map.content.length; i += 2) {
      merged.set(textOf(map.content[i]), textOf(map.content[i + 1]));
    }
  }
  clearField(resource.node, field);
  if (merged.size === 0) return;
  const target = lookup(resource.node, [field], "map");
  if (target === undefined) return;
  for (const key of [...merged.keys()].sort()) {
    const value = merged.get(key) ?? "";
    const style = value.includes("\n") ? Style.literal : Style.plain;
    setField(target, key, createNode("scalar", Tag.string, value, style));
  }
}
