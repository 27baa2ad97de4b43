import { BuildError, withContext } from "../errors.ts";
import { copyNode, entriesOf, findKey, isNull, removeField, Tag, type YamlNode } from "./node.ts";

/** More nodes than this no document grows to by its aliases; the real one has no limit. */
const MAX_NODES = 2_000_000;

interface Expansion {
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
  if (state.open.has(node)) throw tooManyAliases(node, "an anchor's value contains itself");
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
function copyCounted(node: YamlNode, state: Expansion): YamlNode {
  state.copied += countNodes(node);
  if (state.copied > MAX_NODES) throw tooManyAliases(node, "document contains excessive aliasing");
  return copyNode(node);
}

function countNodes({ content }: YamlNode): number {
  let count = 1;
  for (const child of content) count += countNodes(child);
  return count;
}

function tooManyAliases(node: YamlNode, message: string): BuildError {
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
  for (const source of sources) putFields(map, copyCounted(source, state));
  putFields(map, own);
}

function putFields(map: YamlNode, source: YamlNode): void {
  for (const { value: name } of [...entriesOf(source)].map(([key]) => key)) {
    const index = findKey(source, name);
    const [key, field] = [source.content[index - 1], source.content[index]];
    if (key === undefined || field === undefined) continue;
    const at = findKey(map, isNull(key) ? "" : name);
    if (at >= 0) map.content.splice(at - 1, 2, key, field);
    else map.content.push(key, isNull(key) ? copyNode(field) : field);
  }
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
