import { BuildError } from "../errors.ts";
import { compileGoRegex } from "../go-regex.ts";
import { isIndex, kindForNext, requireKind, setField, splitListIndex } from "../yaml/access.ts";
import { emitNode } from "../yaml/emit-node.ts";
import {
  appendContent,
  createMap,
  createNode,
  createPlain,
  getField,
  isNull,
  type NodeKind,
  Style,
  Tag,
  type YamlNode,
} from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";

/**
 * All nodes at a path (kyaml `PathMatcher`): a name, an index, `[name=regex]`, `[=regex]` for
 * scalars, or `*` for every item. With `create`, what is missing is made. Gives `undefined` when a
 * field of the path is missing.
 */
export function matchPath(
  node: YamlNode,
  path: readonly string[],
  create: NodeKind | undefined,
): YamlNode[] | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return [node];
  if (isIndex(part)) return matchIndex(node, { part, rest, create });
  if (part.startsWith("[") && part.endsWith("]")) return matchItems(node, { part, rest, create });
  if (part === "*") return matchEvery(node, { part, rest, create });
  return matchField(node, { part, rest, create });
}

interface Step {
  readonly part: string;
  readonly rest: readonly string[];
  readonly create: NodeKind | undefined;
}

function matchEvery(node: YamlNode, { rest, create }: Step): YamlNode[] | undefined {
  requireKind(node, "seq");
  const found = node.content.flatMap((item) => matchPath(item, rest, create) ?? []);
  return found.length === 0 ? undefined : found;
}

function matchField(node: YamlNode, { part, rest, create }: Step): YamlNode[] | undefined {
  let field = findField(node, part);
  if (field === undefined) {
    if (create === undefined) return undefined;
    field = createNode(kindForNext(rest[0], create), Tag.none, "", Style.plain);
    setField(node, part, field);
  }
  if (field.kind === "scalar" && rest.length > 0) return matchInText(field, { part, rest, create });
  return matchPath(field, rest, create);
}

/** Without a name it is the node itself, when it is an empty scalar (kyaml `FieldMatcher`). */
function findField(node: YamlNode, name: string): YamlNode | undefined {
  if (isNull(node)) return undefined;
  requireKind(node, name === "" ? "scalar" : "map");
  if (name !== "") return getField(node, name);
  return node.value === "" ? node : undefined;
}

/** A text may itself be a document; what is found there is only looked at. */
function matchInText(field: YamlNode, { rest, create }: Step): YamlNode[] | undefined {
  const document = parseDocument(field.value, { file: "" });
  const root = document?.root ?? createNode("none", Tag.none, "", Style.plain);
  return matchPath(root, rest, create);
}

function matchIndex(node: YamlNode, { part, rest, create }: Step): YamlNode[] | undefined {
  const index = Number(part);
  requireKind(node, "seq");
  if (index === node.content.length && create !== undefined) {
    appendContent(node, createNode(kindForNext(rest[0], create), Tag.none, "", Style.plain));
  }
  const item = node.content[index];
  if (item === undefined) {
    const message = `index ${index} specified but only ${node.content.length} elements found`;
    throw new BuildError("INVALID_REPLACEMENT", message);
  }
  return matchPath(item, rest, create);
}

function matchItems(node: YamlNode, step: Step): YamlNode[] | undefined {
  const { name, value } = splitListIndex(step.part);
  let regex: RegExp | undefined;
  const matches = (text: string) => {
    regex ??= compileGoRegex(value);
    return regex.test(text);
  };
  requireKind(node, "seq");
  const find = () =>
    name === ""
      ? node.content.filter((item) => matches(emitNode(item).trim()))
      : node.content.flatMap((item) => {
          const field = getField(item, name);
          if (field === undefined || !matches(emitNode(field).trim())) return [];
          return matchPath(item, step.rest, step.create) ?? [];
        });
  const found = find();
  if (found.length > 0) return found;
  if (step.create === undefined) return undefined;
  let item = createPlain(value);
  if (name !== "") {
    const map = createMap();
    map.content.push(createPlain(name), item);
    item = map;
  }
  appendContent(node, item);
  const made = find();
  return made.length === 0 ? undefined : made;
}
