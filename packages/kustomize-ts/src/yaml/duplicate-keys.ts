import { BuildError } from "../errors.ts";
import { emitNode } from "./emit-node.ts";
import { entriesOf, type YamlNode } from "./node.ts";
import { parseDocument } from "./parser.ts";

/**
 * The error of a tree that cannot become JSON, with every key that stands twice, as the real one tells
 * it: it prints the tree and decodes that, so that the lines are those of the print, and a map with
 * such a key is not looked into. Gives the error back where no key stands twice.
 */
export function explainDuplicates(root: YamlNode, error: unknown): unknown {
  if (!(error instanceof BuildError)) return error;
  const { code, line, column } = error;
  if (code !== "YAML_DUPLICATE_KEY" && code !== "INVALID_VALUE") return error;
  const printed = parseAgain(root);
  const doubles = printed === undefined ? [] : findDoubles(printed);
  if (doubles.length === 0) return error;
  const message = `yaml: unmarshal errors:\n${doubles.join("\n")}`;
  return new BuildError("YAML_DUPLICATE_KEY", message, { line, column, cause: error });
}

function parseAgain(root: YamlNode): YamlNode | undefined {
  try {
    return parseDocument(emitNode(root), { file: "" })?.root;
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

function findDoubles(node: YamlNode): string[] {
  if (node.kind === "seq") return node.content.flatMap(findDoubles);
  if (node.kind !== "map") return [];
  const keys = [...entriesOf(node)].map(([key]) => key);
  const own = keys.flatMap((key, index) =>
    keys
      .slice(index + 1)
      .filter(({ kind, value }) => kind === key.kind && value === key.value)
      .map((other) => describeDouble(key, other)),
  );
  return own.length > 0 ? own : [...entriesOf(node)].flatMap(([, value]) => findDoubles(value));
}

function describeDouble(first: YamlNode, second: YamlNode): string {
  const name = JSON.stringify(second.value);
  return `  line ${second.line}: mapping key ${name} already defined at line ${first.line}`;
}
