import {
  contentEnd,
  findNode,
  findPair,
  isBlock,
  lineStart,
  parseRoot,
  rangeOf,
} from "./layout.ts";
import { appendValue, readValue, removeValue, renameKey } from "./splice.ts";
import { isMap, isSeq, type YAMLMap, type YAMLSeq } from "./yaml-document.ts";

/** Moves all items of one list field behind those of another, as lines with their comments. */
export function moveItems(text: string, from: string, to: string): string {
  const items = readValue(text, [from]);
  if (items === undefined) {
    return text;
  }
  if (!Array.isArray(items) || items.length === 0) {
    return removeValue(text, [from]);
  }
  if (readValue(text, [to]) === undefined) {
    return renameKey(text, from, to);
  }
  const root = parseRoot(text);
  const [source, target] = [findNode(root, [from]), findNode(root, [to])];
  if (!(isSeq(source) && isBlock(source) && isSeq(target) && isBlock(target))) {
    const moved = items.reduce<string>((result, item) => appendValue(result, [to], item), text);
    return removeValue(moved, [from]);
  }
  const lines = blockLines(text, source, from);
  const shifted = shiftLines(lines, columnOf(text, target) - columnOf(text, source));
  const end = contentEnd(text, target);
  const gap = end > 0 && text[end - 1] !== "\n" ? "\n" : "";
  return removeValue(text.slice(0, end) + gap + shifted + text.slice(end), [from]);
}

/** The map field `commonLabels` as an item of `labels` that selectors take part in, comments kept. */
export function moveCommonLabels(text: string): string {
  const pairs = readValue(text, ["commonLabels"]);
  const root = parseRoot(text);
  const node = findNode(root, ["commonLabels"]);
  const item = { includeSelectors: true, pairs };
  if (!(isMap(node) && isBlock(node))) {
    return removeValue(appendValue(text, ["labels"], item), ["commonLabels"]);
  }
  const lines = blockLines(text, node, "commonLabels");
  const marked = appendValue(text, ["labels"], item);
  const labels = findNode(parseRoot(marked), ["labels"]);
  const pairsNode = findNode(labels, [isSeq(labels) ? labels.items.length - 1 : 0, "pairs"]);
  const from = lineStart(marked, rangeOf(pairsNode).start);
  const shifted = shiftLines(lines, columnOf(marked, pairsNode) - columnOf(text, node));
  const moved = marked.slice(0, from) + shifted + marked.slice(contentEnd(marked, pairsNode));
  return removeValue(moved, ["commonLabels"]);
}

/** The lines of a collection from the first below its key, so that a heading comment comes along. */
function blockLines(text: string, node: YAMLMap | YAMLSeq, field: string): string {
  const root = parseRoot(text);
  const key = root === undefined ? undefined : findPair(root, field)?.key;
  const first = text.indexOf("\n", rangeOf(key).end) + 1;
  return text.slice(first, contentEnd(text, node));
}

function columnOf(text: string, node: unknown): number {
  const { start } = rangeOf(node);
  return start - lineStart(text, start);
}

/** Sets lines further in or out; an outward step stops at the margin. */
function shiftLines(lines: string, by: number): string {
  const whole = lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
  return by >= 0
    ? whole.replace(/^(?=.)/gm, " ".repeat(by))
    : whole.replace(new RegExp(`^ {1,${-by}}`, "gm"), "");
}
