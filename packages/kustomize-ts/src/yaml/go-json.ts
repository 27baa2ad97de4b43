import type { JsonValue } from "./convert.ts";

/** JSON as Go's `json.Marshal` writes it: keys sorted, and what HTML minds escaped. */
export function formatGoJson(value: JsonValue): string {
  return escapeHtml(JSON.stringify(sortValue(value)));
}

/** The same with two spaces for each level (`json.MarshalIndent`). */
export function indentGoJson(value: JsonValue): string {
  return escapeHtml(JSON.stringify(sortValue(value), null, 2));
}

function escapeHtml(json: string): string {
  return json
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function sortValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortValue);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort(compareBytes);
  return Object.fromEntries(keys.map((key) => [key, sortValue(value[key] ?? null)]));
}

/** Go sorts by bytes of UTF-8, which is the order of code points. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
