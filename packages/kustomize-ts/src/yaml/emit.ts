import { BuildError } from "../errors.ts";
import { Style, Tag, type YamlNode } from "./node.ts";
import { resolveOldTag, resolveTag } from "./resolve.ts";
import { analyzeScalar } from "./scalar-style.ts";
import { decodeScalar, printNumber } from "./scalar-value.ts";
import { compareKeys } from "./sort-keys.ts";
import { writeDoubleQuoted, writeLiteral, writePlain, writeSingleQuoted } from "./write-scalar.ts";

// What `kustomize build` prints has gone through JSON and then go-yaml v2: no comments, no styles,
// keys sorted, two spaces, lists not indented under their key.

/** Times of day and the like are numbers in YAML 1.1, so they are quoted. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** What JSON has as it is and no YAML reader takes, though an escape may have brought it in. */
const UNREADABLE = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Longer keys and keys of several lines are written with `? `. */
const MAX_SIMPLE_KEY = 128;

interface Place {
  readonly indent: number;
  /** The column where the value begins. */
  readonly column: number;
}

/** A document as the real one prints it, with a line break at its end. */
export function emitDocument(node: YamlNode): string {
  return `${emitNode(node, { indent: 0, column: 0 }, "root")}\n`;
}

/** The text of a node, to be put where it belongs: after `key:` it begins with a space or a break. */
function emitNode(node: YamlNode, place: Place, parent: "item" | "key" | "root"): string {
  switch (node.kind) {
    case "map":
      if (node.content.length === 0) return parent === "key" ? " {}" : "{}";
      return emitMap(node, place, parent);
    case "seq":
      if (node.content.length === 0) return parent === "key" ? " []" : "[]";
      return emitSeq(node, place, parent);
    case "alias":
      if (node.alias === undefined) throw new RangeError("An alias without its anchor");
      return emitNode(node.alias, place, parent);
    default:
      return parent === "key"
        ? ` ${emitScalar(node, { indent: place.indent, column: place.column + 1 })}`
        : emitScalar(node, place);
  }
}

function emitMap(node: YamlNode, { indent, column }: Place, parent: string): string {
  // An item's map stands beside its dash, a key's map on the next line.
  const inner = parent === "root" ? 0 : indent + 2;
  const pad = `\n${" ".repeat(inner)}`;
  let out = parent === "key" ? pad : "";
  if (parent === "item" && column < inner) out += " ".repeat(inner - column);
  let first = true;
  for (const [key, value] of sortEntries(node, parent === "root")) {
    if (!first) out += pad;
    first = false;
    out += emitEntry(key, value, inner);
  }
  return out;
}

function emitEntry(key: string, value: YamlNode, indent: number): string {
  const simple = key.length <= MAX_SIMPLE_KEY && isSimple(key);
  if (simple || (byteLength(key) <= MAX_SIMPLE_KEY && !hasBreak(key))) {
    const text = simple ? key : emitString(key, { indent, column: indent }, true);
    return `${text}:${emitNode(value, { indent, column: indent + text.length + 1 }, "key")}`;
  }
  const spot = { indent, column: indent + 2 };
  const text = emitString(key, spot, false);
  return `? ${text}\n${" ".repeat(indent)}: ${emitNode(value, spot, "item")}`;
}

function hasBreak(text: string): boolean {
  return /[\n\r\x85\u2028\u2029]/.test(text);
}

function byteLength(text: string): number {
  return text.length <= MAX_SIMPLE_KEY / 3 ? text.length : new TextEncoder().encode(text).length;
}

function emitSeq(node: YamlNode, { indent, column }: Place, parent: string): string {
  const inner = parent === "item" ? indent + 2 : indent;
  const pad = `\n${" ".repeat(inner)}- `;
  let out = parent === "key" ? "" : "- ";
  if (parent === "item" && column < inner) out = " ".repeat(inner - column) + out;
  let first = parent !== "key";
  for (const item of node.content) {
    if (!first) out += pad;
    first = false;
    out += emitNode(item, { indent: inner, column: inner + 2 }, "item");
  }
  return out;
}

/** The entries in the order of the output; the same key twice is an error, as for the real one. */
function sortEntries(node: YamlNode, isRoot: boolean): [string, YamlNode][] {
  const { content } = node;
  const entries: [string, YamlNode][] = [];
  let sorted = true;
  for (let i = 0; i + 1 < content.length; i += 2) {
    const key = content[i];
    const value = content[i + 1];
    if (key === undefined || value === undefined) break;
    const name = keyText(key, isRoot);
    const previous = entries[entries.length - 1];
    if (sorted && previous !== undefined && compareKeys(previous[0], name) >= 0) sorted = false;
    entries.push([name, value]);
  }
  if (sorted) return entries;
  entries.sort((a, b) => compareKeys(a[0], b[0]));
  const double = findDouble(entries.map(([name]) => name));
  if (double !== undefined) throw duplicateKey(node, double);
  return entries;
}

/** A name that stands twice. Equal ones are neighbours, unless long numbers have upset the order. */
function findDouble(sorted: readonly string[]): string | undefined {
  const isUpset = sorted.some((name) => name.length > 18 && /\d{19}/.test(name));
  if (!isUpset) return sorted.find((name, i) => i > 0 && name === sorted[i - 1]);
  const seen = new Set<string>();
  return sorted.find((name) => seen.size === seen.add(name).size);
}

/**
 * The text of a key. Only the outermost map may have keys that are no strings: a map with any other
 * is one that Go's JSON does not write.
 */
export function keyText(key: YamlNode, isRoot: boolean): string {
  const { kind, line, style, tag, value } = key;
  if (tag === Tag.string && kind === "scalar") return value;
  const place = {
    line: line === 0 ? undefined : line,
    column: line === 0 ? undefined : key.column,
  };
  if (kind !== "scalar") {
    const found = kind === "map" ? Tag.map : Tag.seq;
    const message = isRoot
      ? `yaml: unmarshal errors:\n  line ${line}: cannot unmarshal ${found} into string`
      : "yaml: invalid map key";
    throw new BuildError("INVALID_VALUE", message, place);
  }
  // A key that is nothing at all is printed as '' on its way, and so becomes a text.
  if (tag === Tag.null && value === "" && style === Style.plain) return "";
  const decoded = decodeScalar(key);
  const isText = tag === Tag.none && (style !== 0 || resolveTag(value) === Tag.string);
  if (isText || isRoot) return tag === Tag.binary ? decoded.text : value;
  const message = "json: unsupported type: map[interface {}]interface {}";
  throw new BuildError("INVALID_VALUE", `${message}: the key ${value} is no string`, place);
}

/** The error for a key that stands twice in a map; the place is that of the second. */
export function duplicateKey(node: YamlNode, name: string): BuildError {
  const keys = node.content.filter((key, index) => index % 2 === 0 && key.value === name);
  const [first, second] = keys;
  const place = second === undefined ? {} : { line: second.line, column: second.column };
  const message =
    `yaml: unmarshal errors:\n  line ${second?.line ?? 0}: ` +
    `mapping key ${JSON.stringify(name)} already defined at line ${first?.line ?? 0}`;
  return new BuildError("YAML_DUPLICATE_KEY", message, place);
}

function emitScalar(node: YamlNode, place: Place): string {
  const isBlock = (node.style & (Style.literal | Style.folded)) !== 0;
  const isText = node.tag === Tag.string && !isBlock && !node.value.includes("\n");
  if (isText) return emitString(node.value, place, false);
  const { type, text } = decodeScalar(node);
  if (type === "string") return emitString(text, place, false);
  return type === "number" ? printNumber(text) : text;
}

function emitString(given: string, { indent, column }: Place, isKey: boolean): string {
  if (isSimple(given)) return given;
  if (UNREADABLE.test(given)) {
    throw new BuildError("INVALID_VALUE", "yaml: control characters are not allowed");
  }
  const text = given.includes("\x85") ? foldNextLines(given) : given;
  const spot = { column, indent: indent + 2, breaks: !isKey };
  const plainIsString = resolveOldTag(text) === Tag.string && !BASE_60.test(text);
  const allowed = analyzeScalar(text, "special");
  if (text.includes("\n")) {
    if (!isKey && allowed.block) return writeLiteral(text, indent + 2);
    return writeDoubleQuoted(text, spot);
  }
  if (!plainIsString) return writeDoubleQuoted(text, spot);
  if (allowed.plain) return writePlain(text, spot);
  return allowed.singleQuoted ? writeSingleQuoted(text, spot) : writeDoubleQuoted(text, spot);
}

/**
 * On its way through JSON a NEL stands raw in a quoted text, where go-yaml v2 takes it for a line
 * break and folds it.
 */
function foldNextLines(text: string): string {
  return text.replace(/ *\x85(?: *\x85)* */g, (found) => {
    const count = found.replaceAll(" ", "").length;
    return count === 1 ? " " : "\n".repeat(count - 1);
  });
}

/** Letters first, then what never needs quotes: no analysis, no folding. */
function isSimple(text: string): boolean {
  const { length } = text;
  if (length < 6 || length > 64)
    return length > 0 && SHORT.test(text) && resolveOldTag(text) === Tag.string;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if ((code > 0x60 && code < 0x7b) || (code > 0x40 && code < 0x5b)) continue;
    if (i > 0 && code > 0x2c && code < 0x3a) continue;
    return false;
  }
  return true;
}

const SHORT = /^[A-Za-z][A-Za-z0-9./-]*$/;
