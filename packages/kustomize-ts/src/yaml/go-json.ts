import type { JsonObject, JsonValue } from "./convert.ts";

/** How JSON is written. */
export interface GoJsonOptions {
  /** Two spaces for each level, as `json.MarshalIndent`. */
  readonly isIndented?: boolean;
  /** Whether integers keep all their digits; what Go has read as JSON before has not. */
  readonly isExact?: boolean;
}

/** JSON as Go's `json.Marshal` writes it: keys sorted, and what HTML minds escaped. */
export function formatGoJson(value: JsonValue, options: GoJsonOptions = {}): string {
  return write(value, options, "\n")
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** `line` is the line break and the spaces before what stands on a line of its own. */
function write(value: JsonValue, options: GoJsonOptions, line: string): string {
  if (typeof value === "bigint")
    return options.isExact === true ? String(value) : String(Number(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${line}  `;
  return Array.isArray(value)
    ? enclose(
        ["[", "]"],
        value.map((item) => write(item, options, inner)),
        options,
        line,
      )
    : enclose(["{", "}"], writeEntries(value, options, inner), options, line);
}

function writeEntries(object: JsonObject, options: GoJsonOptions, line: string): string[] {
  const colon = options.isIndented ? ": " : ":";
  return Object.keys(object)
    .sort(compareBytes)
    .map((key) => JSON.stringify(key) + colon + write(object[key] ?? null, options, line));
}

function enclose(
  [open, close]: readonly [string, string],
  items: readonly string[],
  { isIndented = false }: GoJsonOptions,
  line: string,
): string {
  if (!isIndented || items.length === 0) return `${open}${items.join(",")}${close}`;
  return `${open}${line}  ${items.join(`,${line}  `)}${line}${close}`;
}

/** Go sorts by bytes of UTF-8, which is the order of code points. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
