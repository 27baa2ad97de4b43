/** The kinds of node. An alias lives only between the parser and the expansion of anchors. */
export type NodeKind = "alias" | "map" | "none" | "scalar" | "seq";

/** How a node was written; flags, since a quoted scalar may also carry a tag. */
export const Style = {
  plain: 0,
  tagged: 1,
  doubleQuoted: 2,
  singleQuoted: 4,
  literal: 8,
  folded: 16,
  flow: 32,
} as const;

export const Tag = {
  none: "",
  null: "!!null",
  bool: "!!bool",
  string: "!!str",
  int: "!!int",
  float: "!!float",
  timestamp: "!!timestamp",
  seq: "!!seq",
  map: "!!map",
  binary: "!!binary",
  merge: "!!merge",
} as const;

/**
 * One node of a YAML document. All kinds have one shape, since transformers turn one kind into
 * another in place, as the real one does (go-yaml's `Node`); a map holds key, value, key, value.
 */
export interface YamlNode {
  kind: NodeKind;
  tag: string;
  /** The text of a scalar, the name of an alias. */
  value: string;
  style: number;
  content: YamlNode[];
  /** Counted from 1; 0 for a node that was not read. */
  line: number;
  column: number;
  anchor: string;
  alias: YamlNode | undefined;
  headComment: string;
  lineComment: string;
  footComment: string;
}

/** Frozen, so that a scalar that is filled by mistake does not fill all others. */
const NO_CONTENT: YamlNode[] = [];
Object.freeze(NO_CONTENT);

/** A new node of any kind; scalars share one empty list, because nothing is ever added to it. */
export function createNode(kind: NodeKind, tag: string, value: string, style: number): YamlNode {
  return {
    kind,
    tag,
    value,
    style,
    content: kind === "scalar" || kind === "alias" ? NO_CONTENT : [],
    line: 0,
    column: 0,
    anchor: "",
    alias: undefined,
    headComment: "",
    lineComment: "",
    footComment: "",
  };
}

/** A scalar whose type its text decides. */
export function createPlain(value: string): YamlNode {
  return createNode("scalar", Tag.none, value, Style.plain);
}

export function createString(value: string): YamlNode {
  return createNode("scalar", Tag.string, value, Style.plain);
}

export function createMap(): YamlNode {
  return createNode("map", Tag.none, "", Style.plain);
}

export function createSeq(): YamlNode {
  return createNode("seq", Tag.none, "", Style.plain);
}

/** A deep copy; anchors are expanded before anything is copied, so aliases are not followed. */
export function copyNode(node: YamlNode): YamlNode {
  const copy = { ...node };
  if (node.content.length > 0) copy.content = node.content.map(copyNode);
  else if (node.content !== NO_CONTENT) copy.content = [];
  return copy;
}

/** Makes `target` be what `source` is, keeping its identity; the content is shared. */
export function replaceNode(target: YamlNode, source: YamlNode): void {
  target.kind = source.kind;
  target.tag = source.tag;
  target.value = source.value;
  target.style = source.style;
  target.content = source.content;
  target.line = source.line;
  target.column = source.column;
  target.anchor = source.anchor;
  target.alias = source.alias;
  target.headComment = source.headComment;
  target.lineComment = source.lineComment;
  target.footComment = source.footComment;
}

/** Adds nodes at the end of a list or a map, or of the null that becomes one. */
export function appendContent(node: YamlNode, ...added: YamlNode[]): void {
  // What is empty may share its list with others: all scalars have the same one.
  if (node.content.length === 0) node.content = added;
  else node.content.push(...added);
}

/** Where the value of `name` is in a map's content, or -1. */
export function findKey(map: YamlNode, name: string): number {
  const { content } = map;
  for (let i = 0; i < content.length; i += 2) {
    if (content[i]?.value === name) return i + 1;
  }
  return -1;
}

/** The value of a field, `undefined` when the node is no map or has no such field. */
export function getField(node: YamlNode | undefined, name: string): YamlNode | undefined {
  if (node === undefined || node.kind !== "map") return undefined;
  const index = findKey(node, name);
  return index < 0 ? undefined : node.content[index];
}

/** The pairs of a map. */
export function* entriesOf(map: YamlNode): Generator<[key: YamlNode, value: YamlNode]> {
  const { content } = map;
  for (let i = 0; i + 1 < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key !== undefined && value !== undefined) yield [key, value];
  }
}

export function isNull(node: YamlNode | undefined): boolean {
  return node === undefined || node.tag === Tag.null;
}

/** No node, null, an empty map or list, or nothing at all. */
export function isEmpty(node: YamlNode | undefined): boolean {
  if (node === undefined || node.tag === Tag.null || node.kind === "none") return true;
  return (node.kind === "map" || node.kind === "seq") && node.content.length === 0;
}

/** The text of a scalar; "" for null and for what is missing. */
export function textOf(node: YamlNode | undefined): string {
  return node === undefined || node.tag === Tag.null ? "" : node.value;
}

/** Removes the first field of that name and gives its value. */
export function removeField(map: YamlNode, name: string): YamlNode | undefined {
  if (map.kind !== "map") return undefined;
  const index = findKey(map, name);
  if (index < 0) return undefined;
  const value = map.content[index];
  map.content.splice(index - 1, 2);
  return value;
}
