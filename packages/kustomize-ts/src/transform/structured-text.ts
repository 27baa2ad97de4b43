import { BuildError } from "../errors.ts";
import { lookup } from "../yaml/access.ts";
import { toJsonValue } from "../yaml/convert.ts";
import { emitNode } from "../yaml/emit-node.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import { type NodeKind, replaceNode, type YamlNode } from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";
import { matchPath } from "./match-path.ts";

/**
 * Sets a value inside of a text that is YAML or JSON itself, when the path goes through one
 * (api/filters/replacement `setValueInStructuredData`). Gives whether it did; any mistake on the
 * way means that the path is none of that sort.
 */
export function setInStructuredText(
  root: YamlNode,
  value: YamlNode,
  { parts, create }: { parts: readonly string[]; create: NodeKind | undefined },
): boolean {
  const found = findText(root, parts);
  if (found === undefined) return false;
  try {
    return setInText(found, value, create);
  } catch (error) {
    if (error instanceof BuildError) return false;
    throw error;
  }
}

interface FoundText {
  readonly scalar: YamlNode;
  readonly document: YamlNode;
  readonly rest: readonly string[];
}

/** The first scalar on the way whose text is a document. */
function findText(root: YamlNode, parts: readonly string[]): FoundText | undefined {
  for (let length = 1; length < parts.length; length++) {
    const scalar = tryLookup(root, parts.slice(0, length));
    if (scalar === undefined || scalar.kind !== "scalar") continue;
    const document = tryParse(scalar.value);
    if (document !== undefined) return { scalar, document, rest: parts.slice(length) };
  }
  return undefined;
}

function tryLookup(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  try {
    return lookup(root, path);
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

function tryParse(text: string): YamlNode | undefined {
  try {
    return parseDocument(text, { file: "", comments: [] })?.root;
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

function setInText(
  { scalar, document, rest }: FoundText,
  value: YamlNode,
  create: NodeKind | undefined,
): boolean {
  const targets = matchPath(document, rest, create);
  if (targets === undefined || targets.length === 0) return false;
  for (const target of targets) {
    if (target.kind === "scalar") target.value = value.value;
    else replaceNode(target, value);
  }
  scalar.value = serialize(document, scalar.value);
  return true;
}

/** JSON stays JSON, on one line unless it was written on several; all else is YAML. */
function serialize(document: YamlNode, original: string): string {
  const first = original.trim().charAt(0);
  if (first !== "{" && first !== "[") return emitNode(document).trim();
  const json = toJsonValue(document);
  const isIndented = original.includes("\n") && original.includes("  ");
  return formatGoJson(json, { isIndented, isExact: true });
}
