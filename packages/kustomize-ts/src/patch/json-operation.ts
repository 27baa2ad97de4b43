import { BuildError, withContext } from "../errors.ts";
import { copyNode, createNode, getField, isNull, Style, Tag, type YamlNode } from "../yaml/node.ts";
import { decodeScalar } from "../yaml/scalar-value.ts";

/** One operation of RFC 6902; its fields are looked at when it is applied. */
export interface Operation {
  readonly op: YamlNode | undefined;
  readonly path: YamlNode | undefined;
  readonly from: YamlNode | undefined;
  readonly value: YamlNode | undefined;
  /** Whether it was written as JSON, whose texts and numbers are tested as they stand there. */
  readonly isJson: boolean;
}

/** Reads a list of operations; that they make sense is seen when they are applied. */
export function readOperations(root: YamlNode | undefined, isJson = false): Operation[] {
  if (root === undefined || root.kind !== "seq") {
    throw wrongType(root, "jsonpatch.Patch");
  }
  return root.content.map((item) => {
    if (item.kind !== "map" && !isNull(item)) throw wrongType(item, "jsonpatch.Operation");
    const field = (name: string) => getField(item, name);
    return {
      op: field("op"),
      path: field("path"),
      from: field("from"),
      value: field("value"),
      isJson,
    };
  });
}

function wrongType(found: YamlNode | undefined, type: string): BuildError {
  return failed(`json: cannot unmarshal ${jsonTypeOf(found)} into Go value of type ${type}`);
}

function jsonTypeOf(node: YamlNode | undefined): string {
  if (node?.kind === "map") return "object";
  if (node?.kind === "seq") return "array";
  const type = node === undefined ? "null" : decodeScalar(node).type;
  return type === "boolean" ? "bool" : type;
}

export function kindOf({ op }: Operation): string {
  return op !== undefined && jsonTypeOf(op) === "string" ? op.value : "unknown";
}

export function failed(message: string): BuildError {
  return new BuildError("INVALID_PATCH", message);
}

/** Of a path that is no text `add`, `remove` and `copy` say only that it is missing. */
export function pathOf({ path }: Operation, op: string): string {
  const context = `${op} operation failed to decode path`;
  if (op === "add" || op === "remove" || op === "copy") {
    if (path === undefined || jsonTypeOf(path) !== "string") {
      throw failed(`${context}: missing value`);
    }
    return path.value;
  }
  return withContext(context, () => textOf(path, "operation missing path field"));
}

export function textOf(node: YamlNode | undefined, missing: string): string {
  if (node === undefined || jsonTypeOf(node) === "null") throw failed(`${missing}: missing value`);
  if (jsonTypeOf(node) !== "string") throw wrongType(node, "string");
  return node.value;
}

export function copyValue({ value }: Operation): YamlNode {
  return value === undefined ? createNull() : copyNode(value);
}

export function createNull(): YamlNode {
  return createNode("scalar", Tag.null, "null", Style.plain);
}
