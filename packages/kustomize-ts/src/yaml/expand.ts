import { BuildError, withContext } from "../errors.ts";
import { copyNode, entriesOf, isNull, removeField, Tag, type YamlNode } from "./node.ts";

/** More nodes than this no document grows to by its aliases; the real one has no limit. */
const MAX_NODES = 2_000_000;

/** What an expansion has made so far, and the nodes that it is inside of. */
export interface Expansion {
  copied: number;
  readonly open: Set<YamlNode>;
}

/**
 * Puts in place of every alias a copy of what it names, and of every `<<` the fields it brings
 * (kyaml `RNode.DeAnchor`): own fields win, then the first of a list of maps. Changes the tree.
 * Throws for an alias inside of what it names, and for a document that grows beyond all measure.
 */
export function expandAnchors(root: YamlNode, file?: string): YamlNode {
  return withContext("", () => expand(root, { copied: 0, open: new Set() }), file);
}

function expand(node: YamlNode, state: Expansion): YamlNode {
  node.anchor = "";
  if (node.kind === "scalar") return node;
  if (state.open.has(node)) throw refuseAliases(node, "an anchor's value contains itself");
  state.open.add(node);
  let result = node;
  if (node.kind === "alias" && node.alias !== undefined) {
    result = copyCounted(expand(node.alias, state), state);
  } else {
    if (node.kind === "map") mergeFields(node, state);
    const { content } = node;
    for (let i = 0; i < content.length; i++) {
      const child = content[i];
      if (child !== undefined) content[i] = expand(child, state);
    }
  }
  state.open.delete(node);
  return result;
}

/** A copy, unless the document has grown too large with it: that is known before it is made. */
export function copyCounted(node: YamlNode, state: Expansion): YamlNode {
  state.copied += countNodes(node);
  if (state.copied > MAX_NODES) throw refuseAliases(node, "document contains excessive aliasing");
  return copyNode(node);
}

function countNodes({ content }: YamlNode): number {
  let count = 1;
  for (const child of content) count += countNodes(child);
  return count;
}

/** The error of a document that its aliases make endless or too large; the place is the node's. */
export function refuseAliases(node: YamlNode, message: string): BuildError {
  const place = { line: node.line, column: node.column };
  return new BuildError("YAML_ALIAS_BOMB", `yaml: ${message}`, place);
}

/**
 * Merges as kyaml does: every map is written over itself, a field found by the text of its key. A
 * null as a key is looked for as "", so one that is written `~` or `null` stands there twice.
 */
function mergeFields(map: YamlNode, state: Expansion): void {
  const keys = [...entriesOf(map)].map(([key]) => key);
  const merges = [...entriesOf(map)].filter(([key]) => key.tag === Tag.merge);
  if (merges.length > 1) throw invalidMerge(map, "duplicate merge key");
  const value = merges[0]?.[1];
  const sources = value === undefined ? [] : findMergedMaps(value);
  // A quoted "<<" goes as well: the real one clears the field by its name.
  removeField(map, "<<");
  if (sources.length === 0 && !keys.some(isNull)) return;
  const own = { ...map, content: [...map.content] };
  const merged = { map, places: findPlaces(map) };
  for (const source of sources) putFields(merged, copyCounted(source, state));
  putFields(merged, own);
}

/** A map that others are merged into, and where each name stands in it first. */
interface Merged {
  readonly map: YamlNode;
  readonly places: Map<string, number>;
}

function putFields({ map, places }: Merged, source: YamlNode): void {
  const fields = findPlaces(source);
  for (const [{ value: name }] of entriesOf(source)) {
    const from = fields.get(name) ?? 0;
    const [key, field] = [source.content[from], source.content[from + 1]];
    if (key === undefined || field === undefined) continue;
    const at = places.get(isNull(key) ? "" : name);
    if (at === undefined) {
      if (!places.has(key.value)) places.set(key.value, map.content.length);
      map.content.push(key, isNull(key) ? copyNode(field) : field);
      continue;
    }
    map.content[at] = key;
    map.content[at + 1] = field;
    if (isNull(key)) renamePlace({ map, places }, at);
  }
}

/** A null has taken the place of the name "", which may stand there once more behind it. */
function renamePlace({ map: { content }, places }: Merged, at: number): void {
  let next = at;
  while (next < content.length && content[next]?.value !== "") next += 2;
  if (next < content.length) places.set("", next);
  else places.delete("");
  const name = content[at]?.value ?? "";
  places.set(name, Math.min(at, places.get(name) ?? at));
}

function findPlaces({ content }: YamlNode): Map<string, number> {
  const places = new Map<string, number>();
  for (let i = content.length - 2; i >= 0; i -= 2) places.set(content[i]?.value ?? "", i);
  return places;
}

/** The maps to merge, the weakest first. */
function findMergedMaps(value: YamlNode): YamlNode[] {
  switch (value.kind) {
    case "map":
      return [value];
    case "alias":
      if (value.alias === undefined || value.alias.kind !== "map") {
        throw invalidMerge(value, "invalid map merge: received alias for a non-map value");
      }
      return [value.alias];
    case "seq":
      return value.content
        .map((item) => {
          if (item.kind === "seq") {
            throw invalidMerge(item, "invalid map merge: received a nested sequence");
          }
          return findMergedMaps(item);
        })
        .reverse()
        .flat();
    default:
      throw invalidMerge(value, "map merge requires map or sequence of maps as the value");
  }
}

function invalidMerge({ line, column }: YamlNode, message: string): BuildError {
  return new BuildError("INVALID_RESOURCE", message, { line, column });
}
