import { addContext } from "./errors.ts";
import { createFromValue, toJsonValue } from "./yaml/convert.ts";
import { emitDocument } from "./yaml/emit.ts";
import type { YamlNode } from "./yaml/node.ts";

/**
 * Prepares a built-in plugin from a field of the kustomization; an error that leaves it shows the
 * configuration, as the real one does (api/internal/target `configureBuiltinPlugin`).
 */
export function configuring<Result>(
  kind: string,
  config: Readonly<Record<string, unknown>>,
  prepare: () => Result,
): Result {
  try {
    return prepare();
  } catch (error) {
    const context = `trouble configuring builtin ${kind} with config: \`\n${printConfig(config)}\``;
    throw addContext(error, context);
  }
}

/** A configuration as Go prints the struct: YAML without the fields that are empty. */
export function printConfig(config: Readonly<Record<string, unknown>>): string {
  return emitDocument(createFromValue(dropEmpty(config)));
}

function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropEmpty);
  if (typeof value !== "object" || value === null) return value;
  // Values of a chart are as they were written, with what is empty.
  if (isNode(value)) return toJsonValue(value);
  const fields = value instanceof Map ? value : Object.entries(value);
  return Object.fromEntries([...fields].filter(([, field]) => !isEmpty(field)).map(printField));
}

function isNode(value: object): value is YamlNode {
  return "content" in value && "headComment" in value;
}

function printField([name, value]: [string, unknown]): [string, unknown] {
  return [name, dropEmpty(value)];
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === "" || value === false || value === 0;
}
