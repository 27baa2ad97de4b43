import { BuildError } from "../errors.ts";
import { emitNode } from "./emit-node.ts";
import { entriesOf, type YamlNode } from "./node.ts";
import { parseDocument } from "./parser.ts";

/** More pairs than these nobody reads; a thousand equal keys make half a million. */
const MAX_DOUBLES = 1000;

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

/** What go-yaml says of a tree in which a key stands twice; `undefined` where none does. */
export function describeDuplicates(root: YamlNode): string | undefined {
  return hasDoubles(root) ? `yaml: unmarshal errors:\n${findDoubles(root).join("\n")}` : undefined;
}

function hasDoubles(node: YamlNode): boolean {
  if (node.kind === "map") {
    const keys = [...entriesOf(node)].map(([{ kind, value }]) => `${kind} ${value}`);
    if (new Set(keys).size < keys.length) return true;
  }
  return node.content.some(hasDoubles);
}

function parseAgain(root: YamlNode): YamlNode | undefined {
  try {
    return parseDocument(emitNode(root), { file: "" })?.root;
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

/** Adds what stands twice to what was found; of one key that stands often all pairs are told. */
function findDoubles(node: YamlNode, found: string[] = []): string[] {
  if (node.kind === "seq") for (const child of node.content) findDoubles(child, found);
  if (node.kind !== "map") return found;
  const before = found.length;
  const keys = [...entriesOf(node)].map(([key]) => key);
  const later = Map.groupBy(keys.toReversed(), ({ kind, value }) => `${kind} ${value}`);
  for (const key of keys) {
    const others = later.get(`${key.kind} ${key.value}`) ?? [];
    others.pop();
    if (found.length >= MAX_DOUBLES) return found;
    const told = others.slice(found.length - MAX_DOUBLES).reverse();
    found.push(...told.map((other) => describeDouble(key, other)));
  }
  if (found.length === before) for (const [, value] of entriesOf(node)) findDoubles(value, found);
  return found;
}

function describeDouble(first: YamlNode, second: YamlNode): string {
  const name = JSON.stringify(second.value);
  return `  line ${second.line}: mapping key ${name} already defined at line ${first.line}`;
}
