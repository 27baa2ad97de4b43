import { entriesOf, Style, Tag, type YamlNode } from "./node.ts";
import { resolveTag } from "./resolve.ts";
import { analyzeScalar } from "./scalar-style.ts";
import {
  writeDoubleQuoted,
  writeFolded,
  writeLiteral,
  writePlain,
  writeSingleQuoted,
} from "./write-scalar.ts";

// Prints a tree as kyaml does (go-yaml v3, indent 2, lists not indented under their key): order,
// styles and comments stay. Only texts inside of resources are printed this way; resources
// themselves go through `emitDocument`.

const QUOTED = Style.doubleQuoted | Style.singleQuoted | Style.literal | Style.folded;
const MAX_SIMPLE_KEY = 128;

/** A tree as YAML that keeps its form, with a line break at its end. */
export function emitNode(node: YamlNode): string {
  const text = emitBlock(node, 0, "root");
  const foot = node.footComment === "" ? "" : `\n\n${node.footComment}`;
  const head = node.headComment === "" ? "" : `${node.headComment}\n`;
  return `${head}${text}${foot}\n`;
}

type Parent = "item" | "key" | "root";

function emitBlock(node: YamlNode, indent: number, parent: Parent): string {
  const properties = emitProperties(node);
  if ((node.kind !== "map" && node.kind !== "seq") || isFlow(node)) {
    const text = `${properties}${emitInline(node, indent)}`;
    const line = isBlockScalar(node) || node.lineComment === "" ? "" : ` ${node.lineComment}`;
    return parent === "key" && text !== "" ? ` ${text}${line}` : `${text}${line}`;
  }
  const inner =
    parent === "root" ? 0 : node.kind === "map" || parent === "item" ? indent + 2 : indent;
  const lines = node.kind === "map" ? emitEntries(node, inner) : emitItems(node, inner);
  if (parent === "key") {
    const comment = node.lineComment === "" ? "" : ` ${node.lineComment}`;
    return `${properties === "" ? "" : ` ${properties.trimEnd()}`}${comment}\n${lines}`;
  }
  return properties === "" ? lines.slice(inner) : `${properties.trimEnd()}\n${lines}`;
}

function isFlow(node: YamlNode): boolean {
  return (node.style & Style.flow) !== 0 || node.content.length === 0;
}

function emitEntries(node: YamlNode, indent: number): string {
  const pad = " ".repeat(indent);
  let out = "";
  let separator = "";
  for (const [key, value] of entriesOf(node)) {
    out += separator + emitComment(key.headComment, pad) + pad;
    const comment = key.lineComment === "" ? "" : ` ${key.lineComment}`;
    const keyText = emitInline(key, indent, true);
    const valueText = emitBlock(value, indent, "key");
    const [first = "", ...rest] = valueText.split("\n");
    const text = [`${first}${comment}`, ...rest].join("\n");
    out += isSimpleKey(key) ? `${keyText}:${text}` : `? ${keyText}\n${pad}:${text}`;
    separator = "\n";
    if (key.footComment !== "") {
      out += `\n${emitComment(key.footComment, pad).trimEnd()}`;
      separator = "\n\n";
    }
  }
  return out;
}

function emitItems(node: YamlNode, indent: number): string {
  const pad = " ".repeat(indent);
  let out = "";
  let separator = "";
  for (const item of node.content) {
    out += `${separator}${emitComment(item.headComment, pad)}${pad}-`;
    const text = emitBlock(item, indent, "item");
    out += text === "" ? "" : ` ${text}`;
    separator = "\n";
    if (item.footComment !== "") {
      out += `\n${emitComment(item.footComment, pad).trimEnd()}`;
      separator = "\n\n";
    }
  }
  return out;
}

function emitComment(comment: string, pad: string): string {
  if (comment === "") return "";
  return comment
    .split("\n")
    .map((line) => (line === "" ? "\n" : `${pad}${line}\n`))
    .join("");
}

function isSimpleKey(key: YamlNode): boolean {
  return key.kind === "scalar" && key.value.length <= MAX_SIMPLE_KEY && !key.value.includes("\n");
}

function isBlockScalar(node: YamlNode): boolean {
  return node.kind === "scalar" && chooseStyle(node, false, false) === "block";
}

/** An anchor and a tag that cannot be left out. */
function emitProperties(node: YamlNode): string {
  const anchor = node.anchor === "" ? "" : `&${node.anchor} `;
  return anchor + (needsTag(node) ? `${node.tag} ` : "");
}

function needsTag({ kind, style, tag, value }: YamlNode): boolean {
  if (tag === Tag.none || kind === "alias") return false;
  if ((style & Style.tagged) !== 0) return true;
  if (kind === "map") return tag !== Tag.map;
  if (kind === "seq") return tag !== Tag.seq;
  return tag !== Tag.string && tag !== Tag.merge && resolveTag(value) !== tag;
}

function emitInline(node: YamlNode, indent: number, isKey = false, inFlow = false): string {
  switch (node.kind) {
    case "map": {
      const pairs = [...entriesOf(node)].map(
        ([key, value]) =>
          `${emitInline(key, indent, true, true)}: ${emitProperties(value)}${emitInline(value, indent, false, true)}`,
      );
      return `{${pairs.map((pair) => pair.trimEnd()).join(", ")}}`;
    }
    case "seq":
      return `[${node.content.map((item) => emitProperties(item) + emitInline(item, indent, false, true)).join(", ")}]`;
    case "alias":
      return `*${node.value}`;
    default:
      return emitScalar(node, { indent, isKey, inFlow });
  }
}

function emitScalar(
  node: YamlNode,
  { indent, isKey, inFlow }: { indent: number; isKey: boolean; inFlow: boolean },
): string {
  const { value, style, lineComment } = node;
  // go-yaml v3 does not break long lines.
  const spot = { column: 0, indent: indent + 2, breaks: false };
  switch (chooseStyle(node, isKey, inFlow)) {
    case "block":
      return (style & Style.folded) !== 0
        ? writeFolded(value, indent + 2, lineComment)
        : writeLiteral(value, indent + 2, lineComment);
    case "double":
      return writeDoubleQuoted(value, spot);
    case "single":
      return writeSingleQuoted(value, spot);
    default:
      return writePlain(value, spot);
  }
}

function chooseStyle(
  { style, tag, value }: YamlNode,
  isKey: boolean,
  inFlow: boolean,
): "block" | "double" | "plain" | "single" {
  const allowed = analyzeScalar(value, "own");
  const forced = tag === Tag.string && (style & QUOTED) === 0 && resolveTag(value) !== Tag.string;
  let chosen: "block" | "double" | "plain" | "single" = "plain";
  if ((style & Style.doubleQuoted) !== 0) chosen = "double";
  else if ((style & Style.singleQuoted) !== 0) chosen = "single";
  else if ((style & (Style.literal | Style.folded)) !== 0 || value.includes("\n")) chosen = "block";
  else if (forced) chosen = "double";
  if (isKey && allowed.multiline) chosen = "double";
  if (chosen === "plain") {
    const plain = inFlow ? allowed.flowPlain : allowed.plain;
    if (!plain || (value === "" && (inFlow || isKey))) chosen = "single";
  }
  if (chosen === "single" && !allowed.singleQuoted) chosen = "double";
  if (chosen === "block" && (!allowed.block || inFlow || isKey)) chosen = "double";
  return chosen;
}
