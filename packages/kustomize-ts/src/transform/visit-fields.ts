import { addContext, BuildError, withContext } from "../errors.ts";
import { type FieldSpec, splitPath } from "../field-spec.ts";
import { formatId, type Gvk, isSelectedBy } from "../res-id.ts";
import { currentId, gvkOf, type Resource } from "../resource.ts";
import { lookup } from "../yaml/access.ts";
import { findKey, isNull, type NodeKind, Tag, type YamlNode } from "../yaml/node.ts";

/** What is done at the end of a path. */
export type Visit = (node: YamlNode) => void;

/** What a visit makes where the path ends in nothing. */
export interface Creation {
  readonly kind: NodeKind;
  readonly tag: string;
}

interface Path {
  readonly spec: FieldSpec;
  readonly parts: readonly string[];
}

/** Gives the specifications that apply to a resource; those of a kind are looked up once. */
export function createSpecSelector(specs: readonly FieldSpec[]): (gvk: Gvk) => readonly Path[] {
  const selected = new Map<string, readonly Path[]>();
  return (gvk) => {
    const key = `${gvk.group}/${gvk.version}/${gvk.kind}`;
    let found = selected.get(key);
    if (found === undefined) {
      found = specs
        .filter((spec) => isSelectedBy(gvk, spec))
        .map((spec) => ({ spec, parts: splitPath(spec.path) }));
      selected.set(key, found);
    }
    return found;
  };
}

/** Visits one field of a resource, in every item of the lists on its way. */
export function visitField(
  resource: Resource,
  path: Path,
  visit: Visit,
  creation?: Creation,
): void {
  try {
    walk(resource.node, { path, visit, creation }, 0);
  } catch (error) {
    const id = formatId(currentId(resource));
    throw addContext(error, `considering field '${path.spec.path}' of object ${id}`);
  }
}

/** Visits all fields of a resource that the specifications name. */
export function visitFields(
  resource: Resource,
  select: (gvk: Gvk) => readonly Path[],
  visit: Visit,
  creation?: Creation,
): void {
  for (const path of select(gvkOf(resource))) visitField(resource, path, visit, creation);
}

interface Walk {
  readonly path: Path;
  readonly visit: Visit;
  readonly creation: Creation | undefined;
}

function walk(node: YamlNode, on: Walk, depth: number): void {
  if (depth === on.path.parts.length) {
    on.visit(node);
    return;
  }
  if (isNull(node)) return;
  if (node.kind === "seq") {
    walkList(node.content, on, depth);
  } else if (node.kind === "map") {
    walkMap(node, on, depth);
  } else {
    throw new BuildError("WRONG_TYPE", "expected sequence or mapping node");
  }
}

function walkList(items: readonly YamlNode[], on: Walk, depth: number): void {
  try {
    for (const item of items) walk(item, on, depth);
  } catch (error) {
    throw addContext(error, `visit traversal on path: [${on.path.parts.slice(depth).join(" ")}]`);
  }
}

function walkMap(map: YamlNode, on: Walk, depth: number): void {
  const { path, creation } = on;
  const part = path.parts[depth] ?? "";
  const isList = part.endsWith("[]");
  const name = isList ? part.slice(0, -2) : part;
  if (name === "") {
    throw new BuildError("INVALID_CONFIG", "cannot set or create an empty field name");
  }
  const makes = path.spec.create && creation !== undefined && !isList;
  const isLast = depth === path.parts.length - 1;
  const kind = makes ? (isLast ? creation.kind : "map") : undefined;
  const field = find(map, name, kind);
  if (field === undefined) return;
  const wanted = isList ? "seq" : kind;
  if (field.tag === Tag.null && wanted !== undefined) {
    field.kind = wanted;
    field.tag = isList ? Tag.none : isLast && makes ? creation.tag : Tag.map;
    if (wanted !== "scalar") field.content = [];
  }
  walk(field, on, depth + 1);
}

function find(map: YamlNode, name: string, kind: NodeKind | undefined): YamlNode | undefined {
  // Only names that could be an index or a selector need the whole of `lookup`.
  const first = name.charCodeAt(0);
  const isName = (first > 0x40 && first < 0x5b) || (first > 0x60 && first < 0x7b);
  if (kind === undefined && isName) {
    const index = findKey(map, name);
    return index < 0 ? undefined : map.content[index];
  }
  if (isName) return lookup(map, [name], kind);
  return withContext(`fieldName: ${name}`, () => lookup(map, [name], kind));
}
