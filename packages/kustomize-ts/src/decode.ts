import { BuildError } from "./errors.ts";
import { entriesOf, Tag, type YamlNode } from "./yaml/node.ts";
import { formatOldScalar, oldKeyText, oldTagOf } from "./yaml/old-types.ts";
import { parseGoInt, parseOldBoolean, readOldTypes } from "./yaml/resolve.ts";

/** How a document becomes a typed value. */
export interface DecodeOptions {
  readonly file: string;
  /** Refuse fields that the type does not have. */
  readonly strict: boolean;
  /** Take a number or a boolean where a string is wanted (sigs.k8s.io/yaml does, with a target). */
  readonly coerce: boolean;
  /** As go-yaml reads a struct, without JSON between: names in their own capitals, its own words. */
  readonly asYaml?: boolean;
}

interface Context extends DecodeOptions {
  readonly struct: string;
  readonly path: string;
  /** The path as Go has it, with the names of embedded structs. */
  readonly goPath: string;
}

/** Reads a node as a value of a type; `undefined` and null give the type's zero value. */
export type Decoder<Value> = (node: YamlNode | undefined, context: Context) => Value;

type Fields = Readonly<Record<string, Decoder<unknown>>>;

export type Decoded<Field> = Field extends Decoder<infer Value> ? Value : never;

/** Reads a whole document; messages are those of Go's encoding/json, plus the place. */
export function decodeDocument<Value>(
  root: YamlNode | undefined,
  decoder: Decoder<Value>,
  options: DecodeOptions,
): Value {
  return decoder(root, { ...options, struct: "", path: "", goPath: "" });
}

/** Whether a node is a text by YAML 1.1. */
export function isText(node: YamlNode | undefined): boolean {
  return node !== undefined && node.kind === "scalar" && oldTagOf(node) === Tag.string;
}

function isAbsent(node: YamlNode | undefined): node is undefined {
  return node === undefined || oldTagOf(node) === Tag.null;
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  [Tag.bool]: "bool",
  [Tag.int]: "number",
  [Tag.float]: "number",
  [Tag.map]: "object",
  [Tag.seq]: "array",
};

function wrongType(node: YamlNode, type: string, context: Context): BuildError {
  const { file, struct, path, goPath } = context;
  if (context.asYaml) return wrongYamlType(node, type);
  const isFraction = type.startsWith("int") && oldTagOf(node) === Tag.float;
  const found = isFraction ? `number ${node.value}` : (JSON_NAMES[oldTagOf(node)] ?? "string");
  const target =
    path === ""
      ? `Go value of type ${type}`
      : `Go struct field ${struct}.${goPath} of type ${type}`;
  return new BuildError("WRONG_TYPE", `json: cannot unmarshal ${found} into ${target}`, {
    file,
    field: path,
    line: node.line === 0 ? undefined : node.line,
    column: node.line === 0 ? undefined : node.column,
  });
}

/** A text; with `coerce` also a number or a boolean as Go prints it. */
export const text = textOfType("string");

/** The lines are those of the configuration as the real one prints it. */
function wrongYamlType(node: YamlNode, type: string): BuildError {
  const { kind, value, line } = node;
  const shown = value.length > 10 ? `${value.slice(0, 7)}...` : value;
  const found = kind === "scalar" ? `${oldTagOf(node)} \`${shown}\`` : oldTagOf(node);
  const message = `yaml: unmarshal errors:\n  line ${line}: cannot unmarshal ${found} into ${type}`;
  return new BuildError("WRONG_TYPE", message);
}

/** A date stays as it is written; `<<` as a value is no merge. */
const TEXT_TAGS: ReadonlySet<string> = new Set([Tag.string, Tag.timestamp, Tag.merge]);

/** A text whose type has a name in Go. */
export function textOfType(type: string): Decoder<string> {
  return (node, context) => {
    if (isAbsent(node)) return "";
    const tag = oldTagOf(node);
    if (TEXT_TAGS.has(tag) || !tag.startsWith("!!")) return node.value;
    const isScalar = context.asYaml === true && node.kind === "scalar";
    const coerced = isScalar ? node.value : context.coerce ? formatOldScalar(node, tag) : undefined;
    if (coerced === undefined) throw wrongType(node, type, context);
    return coerced;
  };
}

/** A text that may be missing. */
export const optionalText: Decoder<string | undefined> = (node, context) =>
  isAbsent(node) ? undefined : text(node, context);

export const flag: Decoder<boolean> = (node, context) => {
  if (isAbsent(node)) return false;
  const isWord = oldTagOf(node) === Tag.bool || (context.asYaml && isOldWord(node));
  const value = isWord ? parseOldBoolean(node.value) : undefined;
  if (value === undefined) throw wrongType(node, "bool", context);
  return value;
};

/** A text that was a boolean in YAML 1.1, which go-yaml v3 takes for one where one is wanted. */
function isOldWord({ kind, value }: YamlNode): boolean {
  return kind === "scalar" && !/^(true|false)$/i.test(value);
}

/** A whole number. */
export function integer(type: "int" | "int64"): Decoder<number> {
  return (node, context) => {
    if (isAbsent(node)) return 0;
    const value = parseGoInt(node.value);
    const tag = oldTagOf(node);
    if (tag === Tag.int && value !== undefined) return Number(value);
    const whole =
      tag === Tag.float && Number.isInteger(Number(node.value)) ? Number(node.value) : NaN;
    if (!Number.isNaN(whole)) return whole;
    throw wrongType(node, type, context);
  };
}

/** A map of any values, as nodes. */
export const anyMap: Decoder<YamlNode | undefined> = (node, context) => {
  if (isAbsent(node)) return undefined;
  if (node.kind !== "map") throw wrongType(node, "map[string]interface {}", context);
  readOldTypes(node);
  return node;
};

/** A map whose values are only looked at; gives the map itself. */
export function mapOf(type: string, value?: Decoder<unknown>): Decoder<YamlNode | undefined> {
  return (node, context) => {
    if (isAbsent(node)) return undefined;
    if (node.kind !== "map") throw wrongType(node, type, context);
    if (value !== undefined) for (const [, item] of entriesOf(node)) value(item, context);
    return node;
  };
}

/** A list of items; an absent one is empty. The type is Go's name of that of an item, or of the list. */
export function list<Item>(item: Decoder<Item>, type = "string"): Decoder<readonly Item[]> {
  const goType = /^[A-Z]/.test(type) ? `[]types.${type}` : type.replace(/^string$/, "[]string");
  return (node, context) => {
    if (isAbsent(node)) return [];
    if (node.kind !== "seq") throw wrongType(node, goType, context);
    return node.content.map((child) => item(child, context));
  };
}

/** A map from texts to texts. */
export const textMap: Decoder<ReadonlyMap<string, string>> = (node, context) => {
  if (isAbsent(node)) return new Map();
  if (node.kind !== "map") throw wrongType(node, "map[string]string", context);
  return new Map(
    [...entriesOf(node)].map(([key, value]) => [oldKeyText(key), text(value, context)]),
  );
};

/**
 * A field of an embedded struct, whose name stands in the errors of Go. In such fields no number is
 * taken for a text (sigs.k8s.io/yaml looks up the type of the struct, not that of the field).
 */
export function embedded<Value>(name: string, decoder: Decoder<Value>): Decoder<Value> {
  return (node, context) => {
    if (isAbsent(node)) return decoder(node, context);
    const goPath = context.goPath.replace(/[^.]+$/, (field) => `${name}.${field}`);
    return decoder(node, { ...context, goPath, coerce: false });
  };
}

/** All fields of an embedded struct. */
export function embed<Shape extends Fields>(name: string, fields: Shape): Shape {
  const entries = Object.entries(fields).map(([field, decoder]) => [
    field,
    embedded(name, decoder),
  ]);
  return Object.assign({ ...fields }, Object.fromEntries(entries));
}

/** A struct: its fields by name, or by a name that differs only in its capitals, as in Go. */
export function struct<Shape extends Fields>(
  type: string,
  fields: Shape,
): Decoder<{ readonly [Field in keyof Shape]: Decoded<Shape[Field]> }> {
  const name = type.slice(type.indexOf(".") + 1);
  const goType = name === type ? `types.${type}` : type;
  const names = new Map(Object.keys(fields).map((field) => [field.toLowerCase(), field]));
  return (node, context) => {
    const inner = (field: string) => ({
      ...context,
      struct: name,
      path: context.path === "" ? field : `${context.path}.${field}`,
      goPath: context.goPath === "" ? field : `${context.goPath}.${field}`,
    });
    const found = new Map<string, unknown>();
    const nodes = new Map<string, YamlNode>();
    if (!isAbsent(node)) {
      if (node.kind !== "map") throw wrongType(node, goType, context);
      for (const { name, key, value } of sortByName(entriesOf(node))) {
        const alike = context.asYaml ? undefined : names.get(name.toLowerCase());
        const field = Object.hasOwn(fields, name) ? name : alike;
        const decode = field === undefined ? undefined : fields[field];
        if (field !== undefined && decode !== undefined) {
          const whole = joinMaps(nodes.get(field), value);
          nodes.set(field, whole);
          found.set(field, decode(whole, inner(field)));
        } else if (context.strict) throw unknownField(key, context);
      }
    }
    const entries = Object.entries(fields).map(([field, decode]) => [
      field,
      found.has(field) ? found.get(field) : decode(undefined, inner(field)),
    ]);
    return Object.fromEntries(entries);
  };
}

/** A map that is there twice, in other capitals, is filled twice. */
function joinMaps(before: YamlNode | undefined, now: YamlNode): YamlNode {
  if (before?.kind !== "map" || now.kind !== "map") return now;
  return { ...now, content: [...before.content, ...now.content] };
}

/** Of several mistakes the first by name is told: the real one decodes JSON with sorted keys. */
function sortByName(entries: Iterable<[YamlNode, YamlNode]>) {
  // Of a key that stands twice the last one counts.
  const last = new Map([...entries].map(([key, value]) => [oldKeyText(key), { key, value }]));
  return [...last]
    .map(([name, pair]) => ({ name, ...pair }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A struct that may be missing altogether. */
export function optional<Value>(decoder: Decoder<Value>): Decoder<Value | undefined> {
  return (node, context) => (isAbsent(node) ? undefined : decoder(node, context));
}

function unknownField(key: YamlNode, { file, path }: Context): BuildError {
  const { line, column } = key;
  const value = oldKeyText(key);
  const field = path === "" ? value : `${path}.${value}`;
  return new BuildError("UNKNOWN_FIELD", `json: unknown field ${JSON.stringify(value)}`, {
    file,
    field,
    line: line === 0 ? undefined : line,
    column: line === 0 ? undefined : column,
  });
}
