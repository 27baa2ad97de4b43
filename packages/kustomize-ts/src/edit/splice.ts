import { emitYaml } from "../yaml.ts";
import {
  contentEnd,
  findNode,
  findPair,
  isBlock,
  isEmptyNull,
  lineStart,
  nextLine,
  type Path,
  parseRoot,
  rangeOf,
} from "./layout.ts";
import {
  column,
  commentBehind,
  commentsAbove,
  indentLines,
  itemStart,
  keyOf,
  plain,
  plainList,
  withFinalNewline,
} from "./lines.ts";
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "./yaml-document.ts";

// Every change is a splice of lines into the text, and the text is read anew for the next one:
// what a change does not touch stays byte for byte, comments, blank lines and quoting included.

/** The plain value at `path`; undefined when there is none. */
export function readValue(text: string, path: Path): unknown {
  const root = parseRoot(text);
  const node = root === undefined ? undefined : findNode(root, path);
  if (node === undefined) {
    return path.length === 0 ? {} : undefined;
  }
  return isMap(node) || isSeq(node) || typeof node === "object"
    ? new Document(node).toJS()
    : undefined;
}

/** Writes `value` at `path`, whose last step is a key of a map; the maps above it come into being. */
export function setValue(text: string, path: Path, value: unknown): string {
  const root = parseRoot(text);
  const [key, parentPath] = [path.at(-1), path.slice(0, -1)];
  const parent = root === undefined ? undefined : findNode(root, parentPath);
  if (key === undefined) {
    throw new TypeError("A value is set at a path");
  }
  if (Bun.deepEquals(readValue(text, path), value)) {
    return text;
  }
  if (typeof key === "number") {
    return isSeq(parent) ? replaceItem(text, parent, key, value) : text;
  }
  if (parentPath.length > 0 && (!isMap(parent) || parent.items.length === 0)) {
    return setValue(text, parentPath, { [key]: value });
  }
  if (isMap(parent) && parent.flow === true) {
    return replaceFlow(text, parent, { ...plain(parent), [key]: value });
  }
  const pair = isMap(parent) ? findPair(parent, key) : undefined;
  if (pair !== undefined) {
    return replacePair(text, pair, value);
  }
  if (!isMap(parent)) {
    return withFinalNewline(text) + emitPair(text, key, value);
  }
  return insertPair(text, parent, parentPath.length > 0, { key, value });
}

/** Adds `value` to the list at `path`, last or as item `at`; the list comes into being when it is not there. */
export function appendValue(text: string, path: Path, value: unknown, at?: number): string {
  const root = parseRoot(text);
  const list = root === undefined ? undefined : findNode(root, path);
  if (isSeq(list) && list.flow === true && list.items.length > 0) {
    const items = [...plainList(list)];
    items.splice(at ?? items.length, 0, value);
    return replaceFlow(text, list, items);
  }
  if (!isSeq(list) || list.items.length === 0) {
    return setValue(text, path, [value]);
  }
  const lines = indentLines(emitYaml([value]), column(text, list));
  if (at !== undefined && at < list.items.length) {
    const line = lineStart(text, itemStart(list, at));
    const start = at === 0 ? line : commentsAbove(text, line);
    return text.slice(0, start) + lines + text.slice(start);
  }
  return insertAfter(text, list, lines);
}

/**
 * Takes away the key or list item at `path`, and whatever is empty after that. A comment right above
 * an item goes with it, unless it is the list's first (such a comment heads the list) and others follow.
 */
export function removeValue(text: string, path: Path): string {
  const root = parseRoot(text);
  const [step, parentPath] = [path.at(-1), path.slice(0, -1)];
  const parent = root === undefined ? undefined : findNode(root, parentPath);
  if (step === undefined || !(isMap(parent) || isSeq(parent))) {
    return text;
  }
  if (isMap(parent) && findPair(parent, String(step)) === undefined) {
    return text;
  }
  if (parent.items.length <= 1 && parentPath.length > 0) {
    return removeValue(text, parentPath);
  }
  if (isSeq(parent)) {
    return removeItem(text, parent, Number(step));
  }
  const pair = findPair(parent, String(step));
  if (pair === undefined) {
    return text;
  }
  if (parent.flow === true) {
    const rest = Object.entries(plain(parent)).filter(([key]) => key !== step);
    return replaceFlow(text, parent, Object.fromEntries(rest));
  }
  return removePair(text, parent, pair);
}

/** Gives a field of the file another name where it stands. */
export function renameKey(text: string, from: string, to: string): string {
  const root = parseRoot(text);
  const pair = root === undefined ? undefined : findPair(root, from);
  if (pair === undefined) {
    return text;
  }
  const { start, end } = rangeOf(pair.key);
  return text.slice(0, start) + to + text.slice(end);
}

function removeItem(text: string, list: YAMLSeq, index: number): string {
  if (list.flow === true) {
    return replaceFlow(
      text,
      list,
      plainList(list).filter((_, at) => at !== index),
    );
  }
  const item = itemStart(list, index);
  const start = index === 0 ? lineStart(text, item) : commentsAbove(text, lineStart(text, item));
  if (index === 0 && text.slice(start, item).trim() !== "") {
    // The list begins on a line of something else (`- - a`): the next item takes its place.
    return text.slice(0, item) + text.slice(itemStart(list, 1));
  }
  return text.slice(0, start) + text.slice(contentEnd(text, list.items[index]));
}

function removePair(text: string, map: YAMLMap, pair: Pair): string {
  const key = rangeOf(pair.key).start;
  const start = lineStart(text, key);
  const end = contentEnd(text, isEmptyNull(pair.value) ? pair.key : pair.value);
  if (text.slice(start, key).trim() !== "") {
    // The first key of a list item stands behind the dash: the next key moves up to it.
    const next = map.items[map.items.indexOf(pair) + 1];
    return text.slice(0, key) + text.slice(next === undefined ? end : rangeOf(next.key).start);
  }
  return text.slice(0, start) + text.slice(end);
}

/** A new key goes last in the file; deeper, where the keys are in order, to its place in that order. */
function insertPair(
  text: string,
  map: YAMLMap,
  ordered: boolean,
  { key, value }: { readonly key: string; readonly value: unknown },
): string {
  const lines = indentLines(emitPair(text, key, value), column(text, map));
  const keys = map.items.map(keyOf);
  const inOrder = ordered && keys.every((name, at) => at === 0 || name > (keys[at - 1] ?? ""));
  const next = inOrder ? map.items.find((pair) => keyOf(pair) > key) : undefined;
  if (next === undefined) {
    return insertAfter(text, map, lines);
  }
  const { start } = rangeOf(next.key);
  const line = lineStart(text, start);
  if (text.slice(line, start).trim() === "") {
    const top = commentsAbove(text, line);
    return text.slice(0, top) + lines + text.slice(top);
  }
  // Behind the dash of a list item: the new key takes that place.
  const indent = " ".repeat(start - line);
  return text.slice(0, start) + lines.trimStart() + indent + text.slice(start);
}

function replaceItem(text: string, list: YAMLSeq, index: number, value: unknown): string {
  if (list.flow === true) {
    return replaceFlow(text, list, plainList(list).with(index, value));
  }
  const item = list.items[index];
  const scalar = replaceScalar(text, item, value);
  if (scalar !== undefined) {
    return scalar;
  }
  const start = itemStart(list, index);
  const lines = indentLines(emitYaml([value]), column(text, list)).trimStart();
  const [first = "", ...rest] = lines.split("\n");
  const comment = isScalar(item) ? commentBehind(text, rangeOf(item).end) : "";
  return (
    text.slice(0, start) +
    [first + comment, ...rest].join("\n") +
    text.slice(contentEnd(text, item))
  );
}

/** A value of one line in place of another; undefined when one of them takes more. */
function replaceScalar(text: string, node: unknown, value: unknown): string | undefined {
  if (typeof value === "object" || !isScalar(node) || isEmptyNull(node)) {
    return undefined;
  }
  const { start, end } = rangeOf(node);
  const scalar = emitYaml(value).trimEnd();
  return scalar.includes("\n") || text[end - 1] === "\n"
    ? undefined
    : text.slice(0, start) + scalar + text.slice(end);
}

function replacePair(text: string, pair: Pair, value: unknown): string {
  const key = rangeOf(pair.key);
  const scalar = replaceScalar(text, pair.value, value);
  if (scalar !== undefined) {
    return scalar;
  }
  const end = contentEnd(text, isEmptyNull(pair.value) ? pair.key : pair.value);
  const indent = key.start - lineStart(text, key.start);
  const lines = emitPair(text, keyOf(pair), value);
  const comment = isBlock(pair.value) ? "" : trailingComment(text, pair);
  const [first = "", ...rest] = indentLines(lines, indent).trimStart().split("\n");
  return text.slice(0, key.start) + [first + comment, ...rest].join("\n") + text.slice(end);
}

/** The comment on a pair's own line, with the space before it. */
function trailingComment(text: string, pair: Pair): string {
  return commentBehind(
    text,
    isEmptyNull(pair.value) ? rangeOf(pair.key).end + 1 : rangeOf(pair.value).end,
  );
}

function replaceFlow(text: string, node: YAMLMap | YAMLSeq, value: unknown): string {
  const { start, end } = rangeOf(node);
  const document = new Document(value, { flow: true });
  const flow = document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  return text.slice(0, start) + flow + text.slice(end);
}

function insertAfter(text: string, node: YAMLMap | YAMLSeq, lines: string): string {
  const end = contentEnd(text, node);
  const head = withFinalNewline(text.slice(0, end));
  return head + lines + text.slice(end);
}

/** A pair as lines; a list is set in as the file's first list is. */
function emitPair(text: string, key: string, value: unknown): string {
  const lines = emitYaml({ [key]: value });
  if (!Array.isArray(value) || value.length === 0) {
    return lines;
  }
  const head = nextLine(lines, 0);
  return lines.slice(0, head) + indentLines(lines.slice(head), listIndent(text));
}

function listIndent(text: string): number {
  const lists = (parseRoot(text)?.items ?? []).map((pair) => pair.value).filter(isSeq);
  const [first] = lists.filter(isBlock);
  return first === undefined ? 0 : column(text, first);
}
