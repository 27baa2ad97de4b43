import { BuildError } from "../errors.ts";
import { setField } from "../yaml/access.ts";
import { toJsonValue } from "../yaml/convert.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import { copyNode, createNode, getField, Style, Tag, type YamlNode } from "../yaml/node.ts";
import { decodeScalar } from "../yaml/scalar-value.ts";

/** One operation of RFC 6902. */
export interface Operation {
  readonly op: string;
  readonly path: string | undefined;
  readonly from: string | undefined;
  readonly value: YamlNode | undefined;
}

/** Reads a list of operations; that they make sense is seen when they are applied. */
export function readOperations(root: YamlNode | undefined): Operation[] {
  if (root === undefined || root.kind !== "seq") {
    const found = root?.kind === "map" ? "object" : "string";
    const message = `json: cannot unmarshal ${found} into Go value of type jsonpatch.Patch`;
    throw new BuildError("INVALID_PATCH", message);
  }
  return root.content.map((item) => {
    if (item.kind !== "map") {
      const message = "json: cannot unmarshal string into Go value of type jsonpatch.Operation";
      throw new BuildError("INVALID_PATCH", message);
    }
    const text = (name: string) => getField(item, name)?.value;
    return {
      op: text("op") ?? "unknown",
      path: text("path"),
      from: text("from"),
      value: getField(item, "value"),
    };
  });
}

/** Applies operations one after another, in place (evanphx/json-patch v4, as Kustomize uses it). */
export function applyJsonPatch(root: YamlNode, operations: readonly Operation[]): void {
  for (const operation of operations) applyOperation(root, operation);
}

function applyOperation(root: YamlNode, operation: Operation): void {
  switch (operation.op) {
    case "add":
      add(root, pathOf(operation), copyValue(operation));
      return;
    case "remove":
      remove(root, pathOf(operation), "remove");
      return;
    case "replace":
      replace(root, operation);
      return;
    case "move":
    case "copy":
      moveOrCopy(root, operation);
      return;
    case "test":
      test(root, operation);
      return;
    default:
      throw failed(`Unexpected kind: ${operation.op}`);
  }
}

function failed(message: string): BuildError {
  return new BuildError("INVALID_PATCH", message);
}

function pathOf({ op, path }: Operation): string {
  if (path === undefined) throw failed(`${op} operation missing path field`);
  return path;
}

function copyValue({ value }: Operation): YamlNode {
  return value === undefined
    ? createNode("scalar", Tag.null, "null", Style.plain)
    : copyNode(value);
}

interface Place {
  readonly container: YamlNode;
  readonly key: string;
}

/** The map or list that a pointer ends in; `undefined` when the way there is missing. */
function findContainer(root: YamlNode, path: string): Place | undefined {
  const parts = path.split("/");
  if (parts.length < 2) return undefined;
  let node: YamlNode | undefined = root;
  for (const part of parts.slice(1, -1)) {
    node = getChild(node, decodePart(part));
    if (node === undefined || (node.kind !== "map" && node.kind !== "seq")) return undefined;
  }
  return { container: node, key: decodePart(parts.at(-1) ?? "") };
}

function decodePart(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function getChild(node: YamlNode, key: string): YamlNode | undefined {
  if (node.kind === "map") return getField(node, key);
  const index = parseIndex(key);
  if (index === undefined) return undefined;
  return node.content[index < 0 ? index + node.content.length : index];
}

function parseIndex(key: string): number | undefined {
  return /^[+-]?\d+$/.test(key) ? Number(key) : undefined;
}

function add(root: YamlNode, path: string, value: YamlNode): void {
  const place = findContainer(root, path);
  if (place === undefined) {
    throw failed(`add operation does not apply: doc is missing path: "${path}": missing value`);
  }
  const { container, key } = place;
  if (container.kind === "map") {
    put(container, key, value);
    return;
  }
  const { content } = container;
  if (key === "-") {
    content.push(value);
    return;
  }
  const index = requireIndex(key);
  const at = index < 0 ? index + content.length + 1 : index;
  if (index > content.length || at < 0) {
    throw failed(
      `add operation does not apply: doc is missing path: "${path}": Unable to access invalid index: ${index}: invalid index referenced`,
    );
  }
  content.splice(at, 0, value);
}

function requireIndex(key: string): number {
  const index = parseIndex(key);
  if (index !== undefined) return index;
  throw failed(`strconv.Atoi: parsing "${key}": invalid syntax`);
}

/** Sets a field whatever it was before; null is a value here. */
function put(map: YamlNode, key: string, value: YamlNode): void {
  for (let i = 0; i < map.content.length; i += 2) {
    if (map.content[i]?.value !== key) continue;
    map.content[i + 1] = value;
    return;
  }
  map.content.push(createNode("scalar", Tag.string, key, Style.plain), value);
}

function remove(root: YamlNode, path: string, op: string): void {
  const place = findContainer(root, path);
  if (place === undefined) {
    throw failed(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
  }
  const { container, key } = place;
  if (container.kind === "map") {
    if (getField(container, key) === undefined) {
      throw failed(
        `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`,
      );
    }
    setField(container, key, undefined);
    return;
  }
  const index = requireIndex(key);
  const at = index < 0 ? index + container.content.length : index;
  if (at < 0 || at >= container.content.length) {
    throw failed(
      `error in remove for path: '${path}': Unable to access invalid index: ${index}: invalid index referenced`,
    );
  }
  container.content.splice(at, 1);
}

function replace(root: YamlNode, operation: Operation): void {
  const path = pathOf(operation);
  const value = copyValue(operation);
  if (path === "") {
    if (value.kind !== "map" && value.kind !== "seq")
      throw failed("replace operation hit an invalid value");
    Object.assign(root, value);
    return;
  }
  const place = findContainer(root, path);
  if (place === undefined)
    throw failed(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const { container, key } = place;
  if (getChild(container, key) === undefined) {
    throw failed(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  }
  if (container.kind === "map") {
    put(container, key, value);
    return;
  }
  const index = requireIndex(key);
  container.content[index < 0 ? index + container.content.length : index] = value;
}

function moveOrCopy(root: YamlNode, { op, from, path }: Operation): void {
  const source = from === undefined ? undefined : findContainer(root, from);
  if (from === undefined) throw failed(`${op} operation failed to decode from`);
  const value = source === undefined ? undefined : getChild(source.container, source.key);
  if (source === undefined || value === undefined) {
    throw failed(
      `${op} operation does not apply: doc is missing from path: ${from}: missing value`,
    );
  }
  if (path === undefined) throw failed(`${op} operation failed to decode path: missing value`);
  const copy = copyNode(value);
  if (op === "move") remove(root, from, "move");
  add(root, path, copy);
}

function test(root: YamlNode, operation: Operation): void {
  const path = pathOf(operation);
  const place = path === "" ? undefined : findContainer(root, path);
  const found = path === "" ? root : place && getChild(place.container, place.key);
  if (path !== "" && place === undefined) {
    throw failed(`test operation does not apply: is missing path: ${path}: missing value`);
  }
  const wanted = copyValue(operation);
  const isNullValue = (node: YamlNode | undefined) =>
    node === undefined || (node.kind === "scalar" && decodeScalar(node).type === "null");
  if (isNullValue(found) && isNullValue(wanted)) return;
  if (found !== undefined && !isNullValue(wanted) && isEqual(found, wanted)) return;
  throw failed(`testing value ${path} failed: test failed`);
}

function isEqual(a: YamlNode, b: YamlNode): boolean {
  return formatGoJson(toJsonValue(a)) === formatGoJson(toJsonValue(b));
}
