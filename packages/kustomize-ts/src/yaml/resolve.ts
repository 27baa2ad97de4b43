import { BuildError } from "../errors.ts";
import { Style, Tag, type YamlNode } from "./node.ts";

// The rules are those of go-yaml v3 (resolve.go): YAML 1.2 words, but octals of both YAML versions,
// `0x`, `0b` and underscores, because Go's ParseInt with base 0 reads the digits.

const WORDS = new Map<string, string>([
  ["", Tag.null],
  ["~", Tag.null],
  ["null", Tag.null],
  ["Null", Tag.null],
  ["NULL", Tag.null],
  ["true", Tag.bool],
  ["True", Tag.bool],
  ["TRUE", Tag.bool],
  ["false", Tag.bool],
  ["False", Tag.bool],
  ["FALSE", Tag.bool],
  [".nan", Tag.float],
  [".NaN", Tag.float],
  [".NAN", Tag.float],
  [".inf", Tag.float],
  [".Inf", Tag.float],
  [".INF", Tag.float],
  ["+.inf", Tag.float],
  ["+.Inf", Tag.float],
  ["+.INF", Tag.float],
  ["-.inf", Tag.float],
  ["-.Inf", Tag.float],
  ["-.INF", Tag.float],
]);

/** Booleans of YAML 1.1, which go-yaml v2 (and so the API server) reads as such. */
const OLD_BOOLEANS = new Map<string, boolean>(
  [
    ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"],
    ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"],
  ].flatMap((words, index) => words.map((word) => [word, index === 0] as const)),
);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DOT_FLOAT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;
const GO_INT =
  /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)|( )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/;

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** The integer that Go reads from the text, `undefined` when it is none or does not fit 64 bits. */
export function parseGoInt(text: string): bigint | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const match = GO_INT.exec(plain);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, oldOctal, decimal] = match;
  const digits = hex ?? binary ?? octal ?? oldOctal ?? decimal ?? "";
  const prefix = hex ? "0x" : binary ? "0b" : octal || oldOctal ? "0o" : "";
  const size = BigInt(prefix + digits);
  const value = sign === "-" ? -size : size;
  if (value > MAX_UINT64 || value < MIN_INT64) return undefined;
  // ParseUint refuses a sign, so a signed number must fit an int64.
  return sign !== "" && value > 2n ** 63n - 1n ? undefined : value;
}

/** The tag that an untagged plain scalar has. */
export function resolveTag(text: string): string {
  const first = text.charCodeAt(0);
  // Letters other than n t f (and capitals) begin no word, digit, sign, dot or tilde.
  if (first > 0x39 && first !== 0x7e && !isWordStart(first)) return Tag.string;
  if (first < 0x30 && first !== 0x2b && first !== 0x2d && first !== 0x2e) return Tag.string;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (first > 0x39) return Tag.string;
  if (first === 0x2e) return DOT_FLOAT.test(text) ? Tag.float : Tag.string;
  return resolveNumber(text);
}

/** The tag in YAML 1.1, as go-yaml v2 resolves it. */
export function resolveOldTag(text: string): string {
  return OLD_BOOLEANS.has(text) ? Tag.bool : resolveTag(text);
}

/** The value of a YAML 1.1 boolean word. */
export function parseOldBoolean(text: string): boolean | undefined {
  return OLD_BOOLEANS.get(text);
}

function isWordStart(code: number): boolean {
  return (
    code === 0x6e ||
    code === 0x4e ||
    code === 0x74 ||
    code === 0x54 ||
    code === 0x66 ||
    code === 0x46
  );
}

/** What most numbers look like: no sign, no other base, exact as a number of JavaScript. */
const SMALL_INT = /^(?:0|[1-9][0-9]{0,14})$/;

export function isSmallInt(text: string): boolean {
  return SMALL_INT.test(text);
}

function resolveNumber(text: string): string {
  if (SMALL_INT.test(text)) return Tag.int;
  if (text.length > 4 && text.charCodeAt(4) === 0x2d && parseTimestamp(text) !== undefined) {
    return Tag.timestamp;
  }
  if (parseGoInt(text) !== undefined) return Tag.int;
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? Tag.float : Tag.string;
}

/** The moment as Go prints it (RFC 3339 with nanoseconds), `undefined` when the text is no time. */
export function parseTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", day = ""] = match;
  const hour = match[5] ?? match[11] ?? "0";
  const minute = match[6] ?? match[12] ?? "0";
  const second = match[7] ?? match[13] ?? "0";
  const zone = match[9] ?? "Z";
  if (Number(month) < 1 || Number(month) > 12 || Number(hour) > 23) return undefined;
  if (Number(minute) > 59 || Number(second) > 59) return undefined;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > days) return undefined;
  const fraction = (match[8] ?? match[14] ?? "").slice(0, 9).replace(/0+$/, "");
  const pad = (part: string) => part.padStart(2, "0");
  const clock = `${pad(hour)}:${pad(minute)}:${pad(second)}${fraction === "" ? "" : `.${fraction}`}`;
  const offset = zone === "+00:00" || zone === "-00:00" ? "Z" : zone;
  return `${year}-${pad(month)}-${pad(day)}T${clock}${offset}`;
}

/**
 * Gives a document the types that go-yaml v2 and JSON give it where it is read by them: the words
 * of YAML 1.1 are booleans, dates stay texts, and every key is a text. Throws for what JSON has not: infinity and no number.
 */
export function readOldTypes(node: YamlNode, isKey = false): void {
  for (const [i, child] of node.content.entries()) {
    readOldTypes(child, node.kind === "map" && i % 2 === 0);
  }
  if (node.kind !== "scalar" || node.style !== Style.plain) return;
  const word = node.tag === Tag.string ? OLD_BOOLEANS.get(node.value) : undefined;
  if (word !== undefined) {
    node.value = String(word);
    node.tag = Tag.bool;
  }
  if (node.tag === Tag.timestamp) node.tag = Tag.string;
  if (!isKey && node.tag === Tag.float) requireFinite(node);
  if (!isKey || node.tag === Tag.string) return;
  if (node.tag === Tag.int) node.value = (parseGoInt(node.value) ?? 0n).toString();
  if (node.tag === Tag.bool) node.value = node.value.toLowerCase();
  node.tag = Tag.string;
}

function requireFinite({ value, line, column }: YamlNode): void {
  const special = /^([-+]?)\.(inf|nan)$/i.exec(value);
  if (special === null) return;
  const name = special[2]?.toLowerCase() === "nan" ? "NaN" : `${special[1] || "+"}Inf`;
  throw new BuildError("INVALID_VALUE", `json: unsupported value: ${name}`, { line, column });
}
