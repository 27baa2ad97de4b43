import { readValue } from "./splice.ts";

/** The list at a field; empty when the field is not there. A field of another shape is refused. */
export function readList(text: string, field: string): readonly unknown[] {
  const value = readValue(text, [field]) ?? [];
  if (!Array.isArray(value)) {
    throw new TypeError(`The field "${field}" is not a list`);
  }
  return value;
}

/** The map at a field or deeper; undefined when it is not there. */
export function readMap(
  text: string,
  path: readonly (string | number)[],
): Readonly<Record<string, unknown>> | undefined {
  const value = readValue(text, path);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError(`The field "${path.join(".")}" is not a map`);
  }
  return Object.fromEntries(Object.entries(value));
}
