import { readDocuments } from "./read-resources.ts";
import { createFromValue, toJsonValue } from "./yaml/convert.ts";
import { emitDocument } from "./yaml/emit.ts";
import { expandAnchors } from "./yaml/expand.ts";
import { parseDocument as parseTree } from "./yaml/parser.ts";

/** The first document of a text as plain values, null for none; throws `BuildError`. */
export function parseYaml(text: string, file: string): unknown {
  const document = parseTree(text, { file });
  if (document === undefined) return null;
  return toJsonValue(document.shared ? expandAnchors(document.root) : document.root);
}

/** All documents of a text as plain values; empty ones are left out. */
export function parseYamlDocuments(text: string, file: string): unknown[] {
  return readDocuments(text, file).map(toJsonValue);
}

/** A value as the real one prints it: keys sorted, two spaces, a line break at the end. */
export function emitYaml(value: unknown): string {
  return emitDocument(createFromValue(value));
}
