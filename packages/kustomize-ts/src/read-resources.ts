import { BuildError, withContext } from "./errors.ts";
import { createResource, type Resource } from "./resource.ts";
import { createFromValue, toJsonValue } from "./yaml/convert.ts";
import { describeDuplicates } from "./yaml/duplicate-keys.ts";
import { emitNode } from "./yaml/emit-node.ts";
import { expandAnchors } from "./yaml/expand.ts";
import { noteClosingComment } from "./yaml/kept-breaks.ts";
import { entriesOf, getField, isEmpty, isNull, textOf, type YamlNode } from "./yaml/node.ts";
import { type ParsedDocument, parseDocument } from "./yaml/parser.ts";
import { decodeScalar } from "./yaml/scalar-value.ts";

/** Reads all resources of a text: documents apart by `---`, lists unpacked, local ones too. */
export function readResources(text: string, file: string): Resource[] {
  const nodes = dropEmpty(readDocuments(text, file), file);
  return unpackLists(nodes, file).map(createResource);
}

/** Reads the resources of a file; behind a mistake in the YAML it says which file that is in. */
export function readResourcesOf(text: string, path: string): Resource[] {
  try {
    return readResources(text, path);
  } catch (error) {
    throw nameFile(error, path);
  }
}

function nameFile(error: unknown, path: string): unknown {
  if (!(error instanceof BuildError) || !error.detail.includes("MalformedYAMLError")) return error;
  const { code, detail, file, line, column } = error;
  return new BuildError(code, `${detail} in File: ${path}`, { file, line, column, cause: error });
}

/**
 * The documents of a text (kyaml `ByteReader`): it is cut at lines that begin with `---`, and of
 * each part the first document is read. A `List` that stands alone gives its items.
 */
export function readDocuments(
  text: string,
  file: string,
  { keepsAliases = false } = {},
): YamlNode[] {
  const parts = splitDocuments(text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text, file);
  const documents: YamlNode[] = [];
  for (const part of parts) {
    const parsed = withContext("MalformedYAMLError", () => parsePart(part, file));
    if (parsed === undefined) continue;
    const { root, shared } = parsed;
    // What is wrong with anchors is no mistake of the YAML.
    const document = shared && !keepsAliases ? expandAnchors(root, file) : root;
    if (!isNull(document)) documents.push(document);
  }
  const [only] = documents;
  return parts.length === 1 && only !== undefined ? unwrap(only) : documents;
}

function parsePart({ text, line }: Part, file: string): ParsedDocument | undefined {
  const document = parseDocument(text, { file, lineOffset: line });
  if (document !== undefined) noteClosingComment(document.root, text);
  return document;
}

interface Part {
  readonly text: string;
  /** The number of lines before it. */
  readonly line: number;
}

function splitDocuments(text: string, file: string): Part[] {
  if (text === "") return [];
  const parts: Part[] = [];
  let from = 0;
  let line = 0;
  for (const match of text.matchAll(/\n---.*\n/g)) {
    const separator = match[0];
    const rest = separator.slice(4).trim();
    if (rest !== "" && !rest.startsWith("#")) {
      const message = `invalid document separator: ${separator.trim()}`;
      throw new BuildError("YAML_SYNTAX", message, { file });
    }
    const part = `${text.slice(from, match.index)}\n`;
    parts.push({ text: part, line });
    line += countLines(part) + 1;
    from = match.index + separator.length;
  }
  parts.push({ text: text.slice(from), line });
  return parts;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function unwrap(node: YamlNode): YamlNode[] {
  const kind = textOf(getField(node, "kind"));
  if (kind !== "List" && kind !== "ResourceList") return [node];
  const items = getField(node, "items");
  if (items !== undefined) return [...items.content];
  return getField(node, "functionConfig") === undefined ? [node] : [];
}

function dropEmpty(nodes: readonly YamlNode[], file: string): YamlNode[] {
  return nodes.filter((node) => {
    if (isEmpty(node)) return false;
    requireMetadata(node, file);
    return true;
  });
}

/** Refuses what has no kind or no name (kyaml `GetValidatedMetadata`). */
export function requireMetadata(node: YamlNode, file: string): void {
  const kind = nonEmptyText(node, "kind");
  const metadata = getField(node, "metadata");
  const place = { file, line: node.line === 0 ? undefined : node.line };
  if (kind === "") {
    const nothing = nonEmptyText(node, "apiVersion") === "" && isEmpty(metadata);
    const message = nothing
      ? "missing Resource metadata"
      : `missing kind in object ${describe(node)}`;
    throw new BuildError("INVALID_RESOURCE", message, { ...place, field: "kind" });
  }
  if (kind.endsWith("List")) return;
  if (nonEmptyText(metadata, "name") !== "") return;
  const message = `missing metadata.name in object ${describe(node)}`;
  throw new BuildError("INVALID_RESOURCE", message, { ...place, field: "metadata.name" });
}

function nonEmptyText(map: YamlNode | undefined, name: string): string {
  const field = getField(map, name);
  return isEmpty(field) ? "" : (field?.value ?? "");
}

/** A resource's metadata as Go prints the struct. */
function describe(node: YamlNode): string {
  const metadata = getField(node, "metadata");
  const map = (name: string) => {
    const field = getField(metadata, name);
    if (field === undefined || field.kind !== "map") return "map[]";
    const pairs = [...entriesOf(field)].map(([key, value]) => `${key.value}:${textOf(value)}`);
    return `map[${pairs.sort().join(" ")}]`;
  };
  const type = `{${nonEmptyText(node, "apiVersion")} ${nonEmptyText(node, "kind")}}`;
  const name = `{${nonEmptyText(metadata, "name")} ${nonEmptyText(metadata, "namespace")}}`;
  return `{${type} {${name} ${map("labels")} ${map("annotations")}}}`;
}

/** The type that Go decodes a node to. */
function describeGoType(node: YamlNode): string {
  if (node.kind === "map") return "map[string]interface {}";
  const names: Readonly<Record<string, string>> = { boolean: "bool", number: "float64" };
  const { type, text } = decodeScalar(node);
  return type === "number" && /^-?\d+$/.test(text) ? "int" : (names[type] ?? "string");
}

/** A list is decoded as a whole, whatever becomes of it. */
function requireDecodable(list: YamlNode, kind: string): void {
  const mistake = describeDuplicates(list);
  if (mistake === undefined) return;
  const message = `trouble expanding list of ${kind}; received error ${mistake} for the following resource:\n${emitNode(list)}`;
  throw new BuildError("YAML_DUPLICATE_KEY", message);
}

/** Puts the items of kinds that end in `List` behind the others. */
function unpackLists(nodes: readonly YamlNode[], file: string): YamlNode[] {
  const queue = [...nodes];
  const result: YamlNode[] = [];
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i];
    if (node === undefined) break;
    const kind = textOf(getField(node, "kind"));
    if (kind.endsWith("List")) requireDecodable(node, kind);
    const items = kind.endsWith("List") ? getField(node, "items") : undefined;
    if (items === undefined) {
      result.push(node);
    } else if (items.kind === "seq") {
      // Through JSON and back, as the real one does: quotes and number forms go.
      const inner = items.content.map((item) => createFromValue(toJsonValue(item)));
      queue.push(...dropEmpty(inner, file));
    } else if (!isNull(items)) {
      const message = `expected array in ${kind}/items, but found ${describeGoType(items)}`;
      throw new BuildError("INVALID_RESOURCE", message, { file, field: "items" });
    }
  }
  return result;
}
