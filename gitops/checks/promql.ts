import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { TARGET_LABELS } from "./known-metrics.ts";

/**
 * What is wrong with an expression: it does not parse, names a metric that nobody exports, or a
 * label that the metric does not have. `known` gives the labels of each series by its name.
 */
export function listExpressionFaults(
  expression: string,
  known: ReadonlyMap<string, readonly string[]>,
): string[] {
  // Grafana's own variable stands for a length of time.
  const text = expression.replaceAll("$__rate_interval", "5m");
  const tree = parser.parse(text);
  const nodes = listNodes(tree.topNode);
  const read = (node: SyntaxNode) => text.slice(node.from, node.to);
  const broken = nodes.find((node) => node.type.isError);
  if (broken !== undefined) {
    return [`does not parse at ${JSON.stringify(text.slice(broken.from, broken.from + 20))}`];
  }
  const selectors = nodes.filter((node) => node.name === "VectorSelector");
  const names = selectors.map((node) => read(node.getChild("Identifier") ?? node));
  const unknown = names.filter((name) => !known.has(name)).map((name) => `no metric "${name}"`);
  const matched = selectors.flatMap((node, index) =>
    listNodes(node)
      .filter((one) => one.name === "LabelName")
      .map(read)
      .filter((label) => !isLabel(label, known.get(names[index] ?? "")))
      .map((label) => `metric "${names[index]}" has no label "${label}"`),
  );
  const all = names.flatMap((name) => known.get(name) ?? []);
  const grouped = nodes
    .filter((node) => node.name === "GroupingLabels")
    .flatMap((node) => node.getChildren("LabelName").map(read))
    .filter((label) => !isLabel(label, all))
    .map((label) => `no metric in it has the label "${label}"`);
  return [...unknown, ...matched, ...grouped];
}

/** The selectors of series in an expression, as they are written; "up" and 'up{job="app"}' are two. */
export function listSelectors(expression: string): string[] {
  const nodes = listNodes(parser.parse(expression).topNode);
  const selectors = nodes.filter((node) => node.name === "VectorSelector");
  return [...new Set(selectors.map((node) => expression.slice(node.from, node.to)))];
}

function isLabel(label: string, own: readonly string[] | undefined): boolean {
  // Of an unknown metric one fault is enough.
  return own === undefined || own.includes(label) || TARGET_LABELS.includes(label);
}

function listNodes(top: SyntaxNode): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  top.cursor().iterate((node) => {
    nodes.push(node.node);
  });
  return nodes.filter((node) => node.from >= top.from && node.to <= top.to);
}
