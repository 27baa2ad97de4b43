import { entriesOf, type YamlNode } from "./node.ts";
import type { Comment } from "./scan-state.ts";

/** Lines of comments that stand together. */
interface Block {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly column: number;
}

/**
 * Gives each comment to the node it speaks of, as go-yaml v3 does in the cases that occur: one
 * behind a value to that value, lines directly above a key or an item to it, lines that an empty
 * line parts from what follows to what stands before them.
 */
export function attachComments(root: YamlNode, comments: readonly Comment[]): void {
  if (comments.length === 0) return;
  const nodes = listEntries(root);
  for (const comment of comments) {
    if (comment.trailing) attachTrailing(nodes, comment);
  }
  for (const block of groupBlocks(comments.filter(({ trailing }) => !trailing))) {
    attachBlock(root, nodes, block);
  }
}

/** The keys of all maps and the items of all lists, in the order of the text. */
function listEntries(root: YamlNode): YamlNode[] {
  const nodes: YamlNode[] = [];
  const visit = (node: YamlNode) => {
    if (node.kind === "map") {
      for (const [key, value] of entriesOf(node)) {
        nodes.push(key);
        visit(value);
        if (value.kind === "scalar") nodes.push(value);
      }
    } else if (node.kind === "seq") {
      for (const item of node.content) {
        nodes.push(item);
        visit(item);
      }
    }
  };
  visit(root);
  return nodes;
}

function attachTrailing(nodes: readonly YamlNode[], { text, line }: Comment): void {
  const node = nodes.findLast((candidate) => candidate.line === line + 1);
  if (node !== undefined) node.lineComment = text;
}

function groupBlocks(comments: readonly Comment[]): Block[] {
  const blocks: Block[] = [];
  for (const { text, line, column } of comments) {
    const before = blocks.at(-1);
    if (before !== undefined && before.last === line - 1 && before.column === column) {
      blocks[blocks.length - 1] = { ...before, text: `${before.text}\n${text}`, last: line };
    } else {
      blocks.push({ text, first: line, last: line, column });
    }
  }
  return blocks;
}

function attachBlock(root: YamlNode, nodes: readonly YamlNode[], block: Block): void {
  const { text, first, last, column } = block;
  const next = nodes.find((node) => node.line > last + 1);
  if (next !== undefined && next.line === last + 2) {
    next.headComment = next.headComment === "" ? text : `${next.headComment}\n\n${text}`;
    return;
  }
  if (next === undefined && isApart(nodes.at(-1), block)) {
    root.footComment = text;
    return;
  }
  const before = nodes.findLast((node) => node.line <= first && node.column === column + 1);
  if (before !== undefined) before.footComment = text;
  else if (next !== undefined) next.headComment = text;
  else root.footComment = text;
}

/** Whether an empty line parts a comment at the end of the text from the last value. */
function isApart(last: YamlNode | undefined, { first, column }: Block): boolean {
  if (last === undefined || column > 0 || last.value.includes("\n")) return false;
  return last.line < first;
}
