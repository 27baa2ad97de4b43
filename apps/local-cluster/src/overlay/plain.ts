import type { JsonValue, JsonObject as RenderedObject } from "@hookline/kustomize-ts";
import type { Json, JsonObject } from "@hookline/mesh";

/** A rendered resource as JSON has it: a whole number too large for a number loses its last digits. */
export function toPlainObject(value: RenderedObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member)]));
}

function toPlain(value: JsonValue): Json {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toPlain);
  return typeof value === "object" && value !== null ? toPlainObject(value) : value;
}
