import { lineStart, nextLine, rangeOf } from "./layout.ts";
import { Document, isScalar, type Pair, type YAMLMap, type YAMLSeq } from "./yaml-document.ts";

/** The text with a line break at its end, unless it is empty. */
export function withFinalNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** The column a block collection is written at. */
export function column(text: string, node: YAMLMap | YAMLSeq): number {
  const { start } = rangeOf(node);
  return start - lineStart(text, start);
}

/** Where the dash of a list item stands. */
export function itemStart(list: YAMLSeq, index: number): number {
  const source = list.srcToken;
  if (source?.type !== "block-seq") {
    throw new TypeError("The list has no place in the file");
  }
  const dash = source.items[index]?.start.find((token) => token.type === "seq-item-ind");
  return dash?.offset ?? rangeOf(list).start;
}

/** Where the unbroken comment lines right above `start` begin. */
export function commentsAbove(text: string, start: number): number {
  let top = start;
  while (top > 0) {
    const line = lineStart(text, top - 1);
    if (!text.slice(line, top).trimStart().startsWith("#")) {
      break;
    }
    top = line;
  }
  return top;
}

/** The comment that ends the line at `end`, with the space before it; empty when there is none. */
export function commentBehind(text: string, end: number): string {
  // A block scalar ends where the next line begins.
  if (text[end - 1] === "\n") return "";
  const rest = text.slice(end, nextLine(text, end)).trimEnd();
  return rest.trimStart().startsWith("#") ? rest : "";
}

/** Sets every line that is not empty in by some spaces. */
export function indentLines(lines: string, indent: number): string {
  const prefix = " ".repeat(indent);
  return lines.replace(/^(?=.)/gm, prefix);
}

/** The items of a list as plain values. */
export function plainList(list: YAMLSeq): readonly unknown[] {
  return new Document(list).toJS();
}

/** A map as a plain object. */
export function plain(map: YAMLMap): Record<string, unknown> {
  return new Document(map).toJS();
}

/** The key of a pair as text. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}
