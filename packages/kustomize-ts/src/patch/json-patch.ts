import { withContext } from "../errors.ts";
import { setField } from "../yaml/access.ts";
import { toJsonValue } from "../yaml/convert.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import {
  copyNode,
  createNode,
  entriesOf,
  getField,
  Style,
  Tag,
  type YamlNode,
} from "../yaml/node.ts";
import { decodeScalar } from "../yaml/scalar-value.ts";
import {
  copyValue,
  createNull,
  failed,
  kindOf,
  type Operation,
  pathOf,
  textOf,
} from "./json-operation.ts";

/** Applies operations one after another, in place (evanphx/json-patch v4, as Kustomize uses it). */
export function applyJsonPatch(root: YamlNode, operations: readonly Operation[]): void {
  for (const operation of operations) applyOperation(root, operation);
}

function applyOperation(root: YamlNode, operation: Operation): void {
  const kind = kindOf(operation);
  switch (kind) {
    case "add":
      add(root, pathOf(operation, "add"), copyValue(operation));
      return;
    case "remove":
      remove(root, pathOf(operation, "remove"));
      return;
    case "replace":
      replace(root, operation);
      return;
    case "move":
      move(root, operation);
      return;
    case "copy":
      copy(root, operation);
      return;
    case "test":
      test(root, operation);
      return;
    default:
      throw failed(`Unexpected kind: ${kind}`);
  }
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
  withContext(`error in add for path: '${path}'`, () => insert(place, value));
}

function insert({ container, key }: Place, value: YamlNode): void {
  if (container.kind === "map") {
    put(container, key, value);
    return;
  }
  const { content } = container;
  if (key === "-") {
    content.push(value);
    return;
  }
  const context = `value was not a proper array index: '${key}'`;
  const index = withContext(context, () => requireIndex(key));
  content.splice(requirePlace(index, content.length + 1), 0, value);
}

function requireIndex(key: string): number {
  const index = parseIndex(key);
  if (index === undefined) throw failed(`strconv.Atoi: parsing "${key}": invalid syntax`);
  if (Math.abs(index) < 2 ** 63) return index;
  throw failed(`strconv.Atoi: parsing "${key}": value out of range`);
}

/** Where an index leads in a list; below zero it counts from the end. */
function requirePlace(index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (at >= 0 && at < length) return at;
  throw failed(`Unable to access invalid index: ${index}: invalid index referenced`);
}

/** What a place holds; a field that a map does not have is nothing, an item must be there. */
function read({ container, key }: Place): YamlNode | undefined {
  if (container.kind === "map") return getField(container, key);
  return container.content[requirePlace(requireIndex(key), container.content.length)];
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

function remove(root: YamlNode, path: string): void {
  const place = findContainer(root, path);
  if (place === undefined) {
    throw failed(`remove operation does not apply: doc is missing path: "${path}": missing value`);
  }
  withContext(`error in remove for path: '${path}'`, () => take(place));
}

function take({ container, key }: Place): void {
  if (container.kind !== "map") {
    container.content.splice(requirePlace(requireIndex(key), container.content.length), 1);
    return;
  }
  if (getField(container, key) === undefined) {
    throw failed(`Unable to remove nonexistent key: ${key}: missing value`);
  }
  setField(container, key, undefined);
}

function replace(root: YamlNode, operation: Operation): void {
  const path = pathOf(operation, "replace");
  const value = copyValue(operation);
  if (path === "") {
    if (value.kind !== "map" && value.kind !== "seq") {
      // The real one formats an error that it does not have.
      throw failed("replace operation value must be object or array: %!w(<nil>)");
    }
    Object.assign(root, value);
    return;
  }
  const place = findContainer(root, path);
  if (place === undefined)
    throw failed(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const { container, key } = place;
  if (container.kind === "map") {
    // The real one asks of a list only whether there is something to replace.
    put(container, key, value);
    return;
  }
  if (getChild(container, key) === undefined) {
    throw failed(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  }
  container.content[requirePlace(requireIndex(key), container.content.length)] = value;
}

function move(root: YamlNode, operation: Operation): void {
  const source = findSource(root, "move", operation);
  const value = withContext(`error in move for path: '${source.key}'`, () => {
    const found = read(source);
    take(source);
    return found;
  });
  const path = pathOf(operation, "move");
  const place = findDestination(root, "move", path);
  withContext(`error in move for path: '${path}'`, () => insert(place, value ?? createNull()));
}

/** A field that is not there is copied as a null, as by the real one. */
function copy(root: YamlNode, operation: Operation): void {
  const source = findSource(root, "copy", operation);
  const from = operation.from?.value ?? "";
  const value = withContext(`error in copy for from: '${from}'`, () => read(source));
  const place = findDestination(root, "copy", pathOf(operation, "copy"));
  const copied = value === undefined ? createNull() : copyNode(value);
  withContext("error while adding value during copy", () => insert(place, copied));
}

function findSource(root: YamlNode, op: string, operation: Operation): Place {
  const from = withContext(`${op} operation failed to decode from`, () =>
    textOf(operation.from, "operation, missing from field"),
  );
  const place = findContainer(root, from);
  if (place !== undefined) return place;
  throw failed(`${op} operation does not apply: doc is missing from path: ${from}: missing value`);
}

function findDestination(root: YamlNode, op: string, path: string): Place {
  const place = findContainer(root, path);
  if (place !== undefined) return place;
  throw failed(
    `${op} operation does not apply: doc is missing destination path: ${path}: missing value`,
  );
}

function test(root: YamlNode, operation: Operation): void {
  const path = pathOf(operation, "test");
  const found = path === "" ? root : findTested(root, path);
  const wanted = copyValue(operation);
  const isNullValue = (node: YamlNode | undefined) =>
    node === undefined || (node.kind === "scalar" && decodeScalar(node).type === "null");
  if (isNullValue(found) && isNullValue(wanted)) return;
  if (found !== undefined && !isNullValue(wanted) && isEqual(found, wanted, operation)) return;
  throw failed(`testing value ${path} failed: test failed`);
}

function findTested(root: YamlNode, path: string): YamlNode | undefined {
  const place = findContainer(root, path);
  if (place !== undefined)
    return withContext(`error in test for path: '${path}'`, () => read(place));
  throw failed(`test operation does not apply: is missing path: ${path}: missing value`);
}

/**
 * Whether two values are equal, field by field and item by item. The real one compares the JSON of
 * scalars byte by byte: that of the resource is Go's, that of the patch as it was written.
 */
function isEqual(found: YamlNode, wanted: YamlNode, operation: Operation): boolean {
  if (found.kind !== wanted.kind) return false;
  if (found.kind === "scalar") {
    const own = toJsonValue(wanted);
    const text =
      operation.isJson && typeof own !== "boolean" && own !== null
        ? typeof own === "string"
          ? JSON.stringify(own)
          : wanted.value
        : formatGoJson(own);
    return formatGoJson(toJsonValue(found)) === text;
  }
  if (found.content.length !== wanted.content.length) return false;
  if (found.kind === "seq") {
    return found.content.every((item, i) => isEqual(item, wanted.content[i] ?? item, operation));
  }
  return [...entriesOf(found)].every(([key, value]) => {
    const other = getField(wanted, key.value);
    return other !== undefined && isEqual(value, other, operation);
  });
}
