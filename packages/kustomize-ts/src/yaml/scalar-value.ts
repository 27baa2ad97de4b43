import { BuildError } from "../errors.ts";
import { Style, Tag, type YamlNode } from "./node.ts";
import { parseDocument } from "./parser.ts";
import { isSmallInt, parseGoInt, parseTimestamp, resolveTag } from "./resolve.ts";

import { analyzeScalar } from "./scalar-style.ts";
import { writeFolded } from "./write-scalar.ts";

/** What a scalar is once decoded: the text of a number is already the one that JSON has for it. */
export interface ScalarValue {
  readonly type: "boolean" | "null" | "number" | "string";
  readonly text: string;
}

const NULL: ScalarValue = { type: "null", text: "null" };
const QUOTED = Style.doubleQuoted | Style.singleQuoted | Style.literal | Style.folded;

/**
 * The value of a scalar as it leaves the real one, which prints the node as YAML, reads that as
 * `interface{}` and prints JSON (kyaml `RNode.MarshalJSON`): so a tag that contradicts the text is
 * an error, and a date becomes a string.
 */
export function decodeScalar(node: YamlNode): ScalarValue {
  const { value, style, tag } = node;
  const isBlock = value.includes("\n") || (style & (Style.literal | Style.folded)) !== 0;
  if (isBlock && (style & (Style.doubleQuoted | Style.singleQuoted)) === 0) {
    if (tag === Tag.string || tag === Tag.none) return string(reprintBlock(node));
  }
  if (tag === Tag.string || (tag === Tag.none && (style & QUOTED) !== 0)) return string(value);
  const resolved = resolveTag(value);
  // A merge keeps the quotes of what it replaces: printed with them, the value is read as a string.
  if ((style & QUOTED) !== 0 && (style & Style.tagged) === 0 && resolved === tag) {
    return string(value);
  }
  const wanted = tag === Tag.none ? resolved : tag;
  if (wanted === Tag.binary) return string(decodeBinary(node));
  if (!isCore(wanted)) return string(value);
  if (resolved !== wanted && !(wanted === Tag.float && resolved === Tag.int)) {
    throw invalid(node, `yaml: cannot decode ${resolved} \`${value}\` as a ${wanted}`);
  }
  return convert(node, wanted);
}

/**
 * A text of several lines, or of one in a block, is printed as a block and read again, which goes wrong in two cases: a
 * tab in front of it is refused, and a folded one gets more breaks around indented lines.
 */
function reprintBlock(node: YamlNode): string {
  const { value, style } = node;
  const isFolded = (style & Style.folded) !== 0;
  const startsWithTab = value.charCodeAt(0) === 9;
  if ((!isFolded && !startsWithTab) || !analyzeScalar(value, "own").block) return value;
  if (startsWithTab) {
    const problem = "found a tab character where an indentation space is expected";
    throw invalid(node, `yaml: ${problem}`);
  }
  return parseDocument(`${writeFolded(value, 2)}\n`, { file: "" })?.root.value ?? value;
}

function string(text: string): ScalarValue {
  return { type: "string", text };
}

function isCore(tag: string): boolean {
  return (
    tag === Tag.string ||
    tag === Tag.int ||
    tag === Tag.bool ||
    tag === Tag.null ||
    tag === Tag.float ||
    tag === Tag.timestamp
  );
}

function convert(node: YamlNode, tag: string): ScalarValue {
  const { value } = node;
  switch (tag) {
    case Tag.null:
      return NULL;
    case Tag.bool:
      return { type: "boolean", text: value.toLowerCase() };
    case Tag.int:
      if (isSmallInt(value)) return { type: "number", text: value };
      return { type: "number", text: (parseGoInt(value) ?? 0n).toString() };
    case Tag.float:
      return { type: "number", text: formatJsonFloat(node) };
    case Tag.timestamp:
      return string(parseTimestamp(value) ?? value);
    default:
      return string(value);
  }
}

function formatJsonFloat(node: YamlNode): string {
  const plain = node.value.replaceAll("_", "");
  const integer = parseGoInt(plain);
  const value = integer === undefined ? Number(plain) : Number(integer);
  if (Number.isFinite(value)) return String(value);
  const name = plain.toLowerCase().includes("nan")
    ? "NaN"
    : plain.startsWith("-")
      ? "-Inf"
      : "+Inf";
  throw invalid(node, `json: unsupported value: ${name}`);
}

function decodeBinary(node: YamlNode): string {
  const text = node.value.replace(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw invalid(node, "yaml: !!binary value contains invalid base64 data");
  }
  return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}

function invalid(node: YamlNode, message: string): BuildError {
  const place = node.line === 0 ? {} : { line: node.line, column: node.column };
  return new BuildError("INVALID_VALUE", message, place);
}

/** Go's `strconv.FormatFloat(x, 'g', -1, 64)`: an exponent from 1e-5 down and from 1e21 up. */
export function formatGoFloat(value: number): string {
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 21 && value === 0) return "0";
  if (exponent >= -4 && exponent < 6) return expand(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function expand(value: number): string {
  return String(value).includes("e") ? value.toFixed(20).replace(/0+$/, "") : String(value);
}

/** A JSON number as go-yaml v2 prints it after reading it: digits stay, a float gets Go's form. */
export function printNumber(text: string): string {
  if (isSmallInt(text)) return text;
  if (/^-?\d+$/.test(text) && parseGoInt(text) !== undefined) return text;
  return formatGoFloat(Number(text));
}
