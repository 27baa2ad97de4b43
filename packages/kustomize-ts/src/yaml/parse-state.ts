import type { BuildError } from "../errors.ts";
import { createNode, type NodeKind, Style, Tag, type YamlNode } from "./node.ts";
import { type Mark, type ScanState, syntaxError } from "./scan-state.ts";

/** Everything the parser knows. */
export interface ParseState {
  /** Whether there is an alias or a merge, so that the document must be expanded. */
  shared: boolean;
  readonly scan: ScanState;
  /** The way back to any node, for the files that hold the collections. */
  readonly parseNode: (state: ParseState, block: boolean, indentless: boolean) => YamlNode;
  readonly anchors: Map<string, YamlNode>;
  readonly handles: Map<string, string>;
}

/** What may stand before a node. */
export interface Properties {
  readonly start: Mark;
  readonly tag: string;
  readonly anchor: string;
}

export function parseError(scan: ScanState, problem: string, at: Mark, context?: Mark): BuildError {
  return syntaxError(scan, problem, { context, problem: at, shift: 0 });
}

/** A node that knows its line and column, from 1. */
export function createAt(scan: ScanState, kind: NodeKind, value: string, mark: Mark): YamlNode {
  const node = createNode(kind, Tag.none, value, Style.plain);
  node.line = mark.line + scan.lineOffset + 1;
  node.column = mark.column + 1;
  return node;
}

/** What stands where YAML has nothing: null. */
export function createEmptyScalar(scan: ScanState, mark: Mark): YamlNode {
  const node = createAt(scan, "scalar", "", mark);
  node.tag = Tag.null;
  return node;
}

export function finishNode(
  state: ParseState,
  node: YamlNode,
  { tag, anchor }: Properties,
): YamlNode {
  if (tag !== "" && tag !== "!") {
    node.tag = tag;
    node.style |= Style.tagged;
  }
  if (anchor !== "") {
    node.anchor = anchor;
    state.shared = true;
    state.anchors.set(anchor, node);
  }
  return node;
}

export function openCollection(
  state: ParseState,
  kind: "map" | "seq",
  properties: Properties,
): YamlNode {
  const node = createAt(state.scan, kind, "", properties.start);
  node.tag = kind === "map" ? Tag.map : Tag.seq;
  return finishNode(state, node, properties);
}
