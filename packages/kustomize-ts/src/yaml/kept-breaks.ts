import { Style, type YamlNode } from "./node.ts";

const KEEPS_BREAKS = /[|>](?:[1-9]?\+|\+[1-9])[ \t]*(?:#.*)?$/m;

/**
 * Notes the comment that closes a text whose last value keeps its breaks (`|+`, `>+`). Builds read
 * no comments else, but this one shows in the output, see `addKeptBreak`.
 */
export function noteClosingComment(root: YamlNode, text: string): void {
  if (!KEEPS_BREAKS.test(text)) return;
  const document = text.replace(/\n\.\.\.\s[\s\S]*$/, "");
  const closing = document.trimEnd().split("\n").at(-1)?.trim() ?? "";
  const last = findLast(root);
  // A line of the value itself may begin as comments do.
  if (!closing.startsWith("#") || last.value.trimEnd().endsWith(closing)) return;
  if (keepsBreaks(last)) root.footComment = closing;
}

/**
 * Adds the break that a value keeps before the comment that closes its document: the real one
 * prints a resource with its comments, a blank line in front, and reads it again (kyaml
 * `RNode.MarshalJSON`), where that line belongs to the value.
 */
export function addKeptBreak(root: YamlNode): void {
  if (root.footComment === "") return;
  const last = findLast(root);
  if (keepsBreaks(last)) last.value += "\n";
}

function keepsBreaks({ value, style }: YamlNode): boolean {
  const isBlock = (style & (Style.literal | Style.folded)) !== 0;
  return isBlock && (value.endsWith("\n\n") || value === "\n");
}

function findLast(node: YamlNode): YamlNode {
  const child = node.content.at(-1);
  return child === undefined ? node : findLast(child);
}
