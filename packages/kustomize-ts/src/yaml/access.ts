import { BuildError } from "../errors.ts";
import { emitNode } from "./emit-node.ts";
import {
  appendContent,
  createMap,
  createNode,
  createPlain,
  findKey,
  getField,
  isNull,
  type NodeKind,
  removeField,
  replaceNode,
  Style,
  Tag,
  type YamlNode,
} from "./node.ts";
import { parseDocument } from "./parser.ts";
import { resolveOldTag } from "./resolve.ts";

const KIND_NAMES: Readonly<Record<NodeKind, string>> = {
  alias: "AliasNode",
  map: "MappingNode",
  none: "",
  scalar: "ScalarNode",
  seq: "SequenceNode",
};

/** Refuses a node of another kind; null and what is missing pass, as in kyaml. */
export function requireKind(node: YamlNode | undefined, kind: NodeKind): void {
  if (node === undefined || isNull(node) || node.kind === kind) return;
  const { line, column } = node;
  throw new BuildError(
    "WRONG_TYPE",
    `wrong node kind: expected ${KIND_NAMES[kind]} but got ${KIND_NAMES[node.kind]}: ` +
      `node contents:\n${node.kind === "none" ? "null\n" : emitNode(node)}`,
    line === 0 ? {} : { line, column },
  );
}

/** What is surely one plain scalar: a colon that something follows begins no value. */
const ONE_WORD = /^[\w./](?:[\w./ @-]|:(?=[\w./@-]))*$/;

/** Whether a text would be read as something other than a string by a YAML 1.1 reader. */
function isOldNonString(text: string): boolean {
  if (text === "" || text.includes("\n")) return false;
  if (ONE_WORD.test(text)) return resolveOldTag(text.trimEnd()) !== Tag.string;
  try {
    const root = parseDocument(text, { file: "", dialect: "v2" })?.root;
    if (root === undefined) return true;
    if (root.kind !== "scalar") return true;
    return root.style === Style.plain ? resolveOldTag(root.value) !== Tag.string : false;
  } catch (error) {
    if (error instanceof BuildError) return false;
    throw error;
  }
}

/** kyaml quotes a text that would otherwise change its type. */
function quoteIfNeeded(value: YamlNode): void {
  if (value.kind !== "scalar" || value.style !== Style.plain) return;
  if (value.tag !== Tag.string && value.tag !== Tag.none) return;
  if (isOldNonString(value.value)) value.style = Style.doubleQuoted;
}

/**
 * Sets a field (kyaml `FieldSetter`): null removes it, and a field that is there keeps its style.
 * A new field holds the very node that was given.
 */
export function setField(
  map: YamlNode,
  name: string,
  value: YamlNode | undefined,
  { keepNull = false, keyStyle = 0 } = {},
): YamlNode | undefined {
  if (value !== undefined) quoteIfNeeded(value);
  // Without a name kyaml sets the node itself, which is to be a scalar then.
  if (name === "" && value !== undefined) requireKind(map, "scalar");
  if (value === undefined || (value.tag === Tag.null && !keepNull)) {
    requireKind(map, "map");
    removeField(map, name);
    return undefined;
  }
  if (isNull(map)) return appendField(map, name, value, keyStyle);
  requireKind(map, "map");
  const field = getField(map, name);
  if (field === undefined) return appendField(map, name, value, keyStyle);
  value.style = field.style;
  if (field !== value) replaceNode(field, value);
  return field;
}

function appendField(map: YamlNode, name: string, value: YamlNode, style: number): YamlNode {
  appendContent(map, createNode("scalar", Tag.none, name, style), value);
  return value;
}

/** Writes a scalar over a scalar; the style of the old one stays. */
export function setScalar(target: YamlNode, value: YamlNode): void {
  quoteIfNeeded(value);
  requireKind(target, "scalar");
  if (isNull(value)) return;
  value.style = target.style;
  if (target !== value) replaceNode(target, value);
}

/** Removes the field `name` of a map. */
export function clearField(map: YamlNode | undefined, name: string): void {
  if (map === undefined) return;
  requireKind(map, "map");
  removeField(map, name);
}

function isListIndex(part: string): boolean {
  return part.startsWith("[") && part.endsWith("]");
}

/** Whether a part is a number that Go has an `int` for. */
export function isIndex(part: string): boolean {
  return /^\+?[0-9]+$/.test(part) && BigInt(part.replace("+", "")) < 2n ** 63n;
}

/** The kind that a part creates, by what comes after it. */
export function kindForNext(next: string | undefined, last: NodeKind): NodeKind {
  if (next === undefined || next === "") return last;
  return isListIndex(next) || isIndex(next) ? "seq" : "map";
}

/** Splits `[name=value]`. */
export function splitListIndex(part: string): { name: string; value: string } {
  const inner = part.slice(part.startsWith("[") ? 1 : 0, part.endsWith("]") ? -1 : undefined);
  const at = inner.indexOf("=");
  if (at < 0) {
    const message = "list path element must contain fieldName=fieldValue for element to match";
    throw new BuildError("INVALID_VALUE", message);
  }
  return { name: inner.slice(0, at), value: inner.slice(at + 1) };
}

/**
 * Follows a path of field names, indexes (`0`, `-` for the last) and `[name=value]` (kyaml
 * `PathGetter`). With `create`, what is missing is made, the last part of that kind.
 */
export function lookup(
  root: YamlNode,
  path: readonly string[],
  create?: NodeKind,
): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (let i = 0; i < path.length; i++) {
    const part = path[i]?.trim() ?? "";
    if (part === "") continue;
    node = step(
      node,
      part,
      create === undefined ? undefined : kindForNext(nextPart(path, i), create),
    );
    if (node === undefined) return undefined;
  }
  return node;
}

function nextPart(path: readonly string[], index: number): string | undefined {
  for (let i = index + 1; i < path.length; i++) {
    const part = path[i]?.trim() ?? "";
    if (part !== "") return part;
  }
  return undefined;
}

/** Whether a part begins like a name: only others can be an index or a selector. */
function isPlainName(part: string): boolean {
  const first = part.charCodeAt(0);
  return (first > 0x60 && first < 0x7b) || (first > 0x40 && first < 0x5b);
}

function step(node: YamlNode, part: string, create: NodeKind | undefined): YamlNode | undefined {
  return isPlainName(part) ? fieldStep(node, part, create) : anyStep(node, part, create);
}

function anyStep(node: YamlNode, part: string, create: NodeKind | undefined): YamlNode | undefined {
  if (isIndex(part)) return elementAt(node, Number(part));
  if (/^-[0-9]+$/.test(part)) {
    throw new BuildError("INVALID_VALUE", `array index ${Number(part)} cannot be negative`);
  }
  if (part === "-") return elementAt(node, -1);
  if (part === "*") {
    throw new BuildError("INVALID_VALUE", "wildcard is not supported in PathGetter");
  }
  if (isListIndex(part)) return findOrCreateElement(node, part, create !== undefined);
  return fieldStep(node, part, create);
}

function fieldStep(
  node: YamlNode,
  part: string,
  create: NodeKind | undefined,
): YamlNode | undefined {
  if (isNull(node)) return undefined;
  requireKind(node, "map");
  const index = findKey(node, part);
  if (index >= 0) return node.content[index];
  if (create === undefined) return undefined;
  return setField(node, part, createNode(create, Tag.none, "", Style.plain));
}

function elementAt(node: YamlNode, index: number): YamlNode | undefined {
  requireKind(node, "seq");
  return index < 0 ? node.content[node.content.length - 1] : node.content[index];
}

function findOrCreateElement(node: YamlNode, part: string, create: boolean): YamlNode | undefined {
  const { name, value } = splitListIndex(part);
  requireKind(node, "seq");
  const found = findElement(node, [name], [value]);
  if (found !== undefined || !create) return found;
  let element = createPlain(value);
  if (name !== "") {
    const map = createMap();
    map.content.push(createPlain(name), element);
    element = map;
  }
  appendContent(node, element);
  return element;
}

/** The first element whose fields have those values; with the name "" the element's own value. */
export function findElement(
  seq: YamlNode,
  keys: readonly string[],
  values: readonly string[],
): YamlNode | undefined {
  if ((keys[0] ?? "") === "") {
    return seq.content.find((element) => element.value === (values[0] ?? ""));
  }
  return seq.content.find(
    (element) =>
      (element.kind === "map" || isNull(element)) &&
      keys.every((key, i) => {
        const field = isNull(element) ? undefined : getField(element, key);
        return field !== undefined && field.value === (values[i] ?? "");
      }),
  );
}
