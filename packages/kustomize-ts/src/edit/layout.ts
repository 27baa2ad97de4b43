import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "./yaml-document.ts";

/** A way into a document: keys of maps and numbers of list items. */
export type Path = readonly (string | number)[];

type Collection = YAMLMap | YAMLSeq;

/** The root map of `text`; undefined for a file of nothing but comments. Throws on what is not YAML. */
export function parseRoot(text: string): YAMLMap | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SyntaxError(error.message.split("\n")[0]?.replace(/:$/, ""));
  }
  if (document.contents === null) {
    return undefined;
  }
  if (!isMap(document.contents)) {
    throw new SyntaxError("The file does not hold a map of fields");
  }
  return document.contents;
}

/** The pair of `key` in a map: the very name first, then, as Go's JSON reads it, in any case. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  const named = (matches: (name: string) => boolean): Pair | undefined =>
    map.items.find((pair) => isScalar(pair.key) && matches(String(pair.key.value)));
  return named((name) => name === key) ?? named((name) => name.toLowerCase() === key.toLowerCase());
}

/** The node at `path`; undefined when there is none. An alias on the way is refused: it is written elsewhere. */
export function findNode(root: unknown, path: Path): unknown {
  let node: unknown = root;
  for (const step of path) {
    if (isAlias(node)) {
      throw new TypeError("The value is a YAML alias; edit the anchor by hand");
    }
    if (isMap(node) && typeof step === "string") {
      node = findPair(node, step)?.value ?? undefined;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
    } else {
      return undefined;
    }
  }
  if (isAlias(node)) {
    throw new TypeError("The value is a YAML alias; edit the anchor by hand");
  }
  return node;
}

/** Whether a node is a collection written over lines, so that an item can be spliced in as lines. */
export function isBlock(node: unknown): node is Collection {
  return (isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0;
}

/** Start and end of a node's own text, without what follows it. */
export function rangeOf(node: unknown): { readonly start: number; readonly end: number } {
  if (!(isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) || !node.range) {
    throw new TypeError("The value has no place in the file");
  }
  return { start: node.range[0], end: node.range[1] };
}

/** Where the line holding `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the next line starts; the length of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** Where the lines of a node stop: the start of the line after its last value and that line's comment. */
export function contentEnd(text: string, node: unknown): number {
  if (isBlock(node)) {
    return contentEnd(text, isMap(node) ? lastOfPair(node.items.at(-1)) : node.items.at(-1));
  }
  const { start, end } = rangeOf(node);
  const blockScalar = end > start && text[end - 1] === "\n";
  return blockScalar ? end : nextLine(text, end);
}

function lastOfPair(pair: Pair | undefined): unknown {
  return isEmptyNull(pair?.value) ? pair?.key : pair?.value;
}

/** A value that is not written at all (`key:`) has a place, but it may lie lines below. */
export function isEmptyNull(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? "") === "");
}
