import { BuildError } from "../errors.ts";
import { duplicateKey, keyText } from "./emit.ts";
import { createNode, entriesOf, Style, Tag, type YamlNode } from "./node.ts";
import { resolveOldTag, resolveTag } from "./resolve.ts";
import { decodeScalar } from "./scalar-value.ts";

/** A value of JSON; integers beyond what a number holds exactly are a `bigint`. */
export type JsonValue = JsonValue[] | JsonObject | bigint | boolean | number | string | null;

/** A map of JSON; its keys stay in the order in which they were written. */
export interface JsonObject {
  [name: string]: JsonValue;
}

/** A node as plain values; the keys of a map in the order in which they were written. */
export function toJsonValue(node: YamlNode): JsonValue {
  switch (node.kind) {
    case "map":
      return toJsonObject(node, false);
    case "seq":
      return node.content.map(toJsonValue);
    case "alias":
      return node.alias === undefined ? null : toJsonValue(node.alias);
    default:
      return toJsonScalar(node);
  }
}

/** A map as an object; the outermost one of a document may have keys that are no strings. */
export function toJsonObject(node: YamlNode, isRoot = true): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of entriesOf(node)) {
    const name = keyText(key, isRoot);
    if (Object.hasOwn(object, name)) throw duplicateKey(node, name);
    const json = toJsonValue(value);
    // A plain assignment to this name would set the prototype.
    if (name === "__proto__") {
      const own = { value: json, enumerable: true, configurable: true, writable: true };
      Object.defineProperty(object, name, own);
    } else {
      object[name] = json;
    }
  }
  return object;
}

function toJsonScalar(node: YamlNode): JsonValue {
  const { type, text } = decodeScalar(node);
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return text === "true";
    case "number": {
      const value = Number(text);
      const isExact = !/^-?\d+$/.test(text) || Number.isSafeInteger(value);
      return isExact ? value : BigInt(text);
    }
    default:
      return text;
  }
}

/** Nodes for plain values, as if they had been read from the YAML that they print to. */
export function createFromValue(value: unknown): YamlNode {
  if (value === null || value === undefined) return scalar(Tag.null, "null");
  if (Array.isArray(value)) {
    const node = createNode("seq", Tag.seq, "", Style.plain);
    node.content = value.map(createFromValue);
    return node;
  }
  switch (typeof value) {
    case "string":
      return createText(value);
    case "boolean":
      return scalar(Tag.bool, String(value));
    case "number":
    case "bigint":
      return scalar(
        Number.isInteger(Number(value)) ? resolveTag(String(value)) : Tag.float,
        String(value),
      );
    case "object":
      return createFromObject(value);
    default:
      throw new BuildError("INVALID_VALUE", `Cannot write a ${typeof value} as YAML`);
  }
}

function createFromObject(value: object): YamlNode {
  const node = createNode("map", Tag.map, "", Style.plain);
  for (const [name, field] of Object.entries(value)) {
    node.content.push(createText(name), createFromValue(field));
  }
  return node;
}

function createText(text: string): YamlNode {
  const style = text.includes("\n")
    ? Style.literal
    : resolveOldTag(text) === Tag.string
      ? Style.plain
      : Style.doubleQuoted;
  return createNode("scalar", Tag.string, text, style);
}

function scalar(tag: string, text: string): YamlNode {
  return createNode("scalar", tag, text, Style.plain);
}
