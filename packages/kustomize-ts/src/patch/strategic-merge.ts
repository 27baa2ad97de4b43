import { BuildError } from "../errors.ts";
import { type FieldSchema, schemaFor } from "../openapi.ts";
import { requireKind, setField } from "../yaml/access.ts";
import {
  createNode,
  entriesOf,
  findKey,
  getField,
  isNull,
  type NodeKind,
  Style,
  Tag,
  textOf,
  type YamlNode,
} from "../yaml/node.ts";
import { takeDirective } from "./merge-directive.ts";
import { mergeItems } from "./merge-lists.ts";

export interface MergeOptions {
  /** Whether new items of a list come before those that are there. */
  readonly prepend?: boolean;
  /** Whether a list without a schema is merged by `name` when all its items have one. */
  readonly infer?: boolean;
}

export type MergeStep = (
  dest: YamlNode | undefined,
  patch: YamlNode | undefined,
  schema: FieldSchema | undefined,
) => YamlNode | undefined;

/** A null that was written down and stays, since the patch does not speak of it. */
const keptNulls = new WeakSet<YamlNode>();

/**
 * Merges a strategic merge patch into a document (kyaml merge2): maps by field, lists by the merge
 * keys of their schema, else the patch's list in place of the other; null removes. Changes `dest`
 * and takes nodes of `patch` into it. Gives `undefined` when the patch deletes the document.
 */
export function mergeStrategic(
  dest: YamlNode,
  patch: YamlNode,
  options: MergeOptions = {},
): YamlNode | undefined {
  const step: MergeStep = (to, from, schema) => mergeNodes(to, from, schema);
  // A comment at the end belongs to the document of the patch, not to what it holds.
  patch.footComment = "";
  return mergeNodes(dest, patch, undefined);

  function mergeNodes(
    to: YamlNode | undefined,
    from: YamlNode | undefined,
    given: FieldSchema | undefined,
  ): YamlNode | undefined {
    const schema = given ?? findSchema(to) ?? findSchema(from);
    const kind = kindOfEither(to, from);
    requireKind(to, kind);
    requireKind(from, kind);
    if (kind === "map") return mergeMaps(to, from, { schema, step });
    if (kind === "scalar") {
      keepComments(to, from);
      return from ?? to;
    }
    return mergeSequences(to, from, { schema, step, options });
  }
}

/** The kind of the first that is not null; two nulls are treated as maps. */
function kindOfEither(to: YamlNode | undefined, from: YamlNode | undefined): NodeKind {
  if (to !== undefined && !isNull(to)) return to.kind;
  return from !== undefined && !isNull(from) ? from.kind : "map";
}

/** The schema of a node that says itself what it is. */
function findSchema(node: YamlNode | undefined): FieldSchema | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const kind = textOf(getField(node, "kind"));
  const apiVersion = textOf(getField(node, "apiVersion"));
  if (kind === "" || apiVersion === "") return undefined;
  return schemaFor(apiVersion, kind);
}

function isMerged(
  schema: FieldSchema | undefined,
  lists: readonly (YamlNode | undefined)[],
  { infer = false }: MergeOptions,
): boolean {
  if (schema !== undefined) return schema.merges;
  return infer && lists.some((list) => list !== undefined && !isNull(list) && hasNames(list));
}

function hasNames({ content }: YamlNode): boolean {
  return content.every((item) => getField(item, "name") !== undefined);
}

function inferKey(lists: readonly (YamlNode | undefined)[]): string {
  const filled = lists.filter((list) => list !== undefined && list.content.length > 0);
  const named = filled.filter((list) => list !== undefined && hasNames(list));
  if (named.length === 0) throw new BuildError("INVALID_PATCH", "no merge key found for field ");
  if (named.length < filled.length) {
    throw new BuildError("INVALID_PATCH", "conflicting merge keys [name,] for field ");
  }
  return "name";
}

/** Which of the two the result grows on; `undefined` when nothing is to be left. */
function chooseDest(to: YamlNode | undefined, from: YamlNode | undefined): YamlNode | undefined {
  if (to === undefined || isNull(to)) {
    if (from === undefined) return to === undefined ? undefined : keepNull(to);
    return isNull(from) ? from : deletes(from) ? undefined : from;
  }
  if (from !== undefined && isNull(from)) return undefined;
  const directive = takeDirective(from);
  if (directive === "delete") return undefined;
  return directive === "replace" ? from : to;
}

function deletes(patch: YamlNode): boolean {
  try {
    return takeDirective(patch) === "delete";
  } catch (error) {
    // The real one does not look at this error either.
    if (error instanceof BuildError) return false;
    throw error;
  }
}

/** A null of the document that the patch does not mention stays as it was written. */
function keepNull(node: YamlNode): YamlNode | undefined {
  if (node.value === "") return undefined;
  const kept = createNode("scalar", Tag.null, node.value, Style.plain);
  keptNulls.add(kept);
  return kept;
}

interface MergeContext {
  readonly schema: FieldSchema | undefined;
  readonly step: MergeStep;
}

function mergeMaps(
  to: YamlNode | undefined,
  from: YamlNode | undefined,
  { schema, step }: MergeContext,
): YamlNode | undefined {
  keepComments(to, from);
  keepStyle(to, from);
  const dest = chooseDest(to, from);
  if (dest === undefined || keptNulls.has(dest)) return dest;
  for (const name of fieldNames(dest, from)) {
    // kyaml's FieldSetter without a name sets the node itself, which is to be a scalar then.
    if (name === "") requireKind(dest, "scalar");
    const old = getField(dest, name);
    const patch = from === undefined ? undefined : getField(from, name);
    const value = step(old, patch, schema?.field(name));
    const keyStyle = value === undefined ? 0 : keyStyleOf(value, { name, old, dest, patch, from });
    setField(dest, name, value, {
      keepNull: value !== undefined && keptNulls.has(value),
      keyStyle,
    });
  }
  return dest;
}

function mergeSequences(
  to: YamlNode | undefined,
  from: YamlNode | undefined,
  { schema, step, options }: MergeContext & { readonly options: MergeOptions },
): YamlNode | undefined {
  keepComments(to, from);
  keepStyle(to, from);
  if (!isMerged(schema, [to, from], options)) return from ?? to;
  const list = to === undefined || isNull(to) ? from : chooseDest(to, from);
  if (list === undefined) return undefined;
  const keys = schema?.hasStrategy === true ? schema.keys : [inferKey([list, from])];
  return mergeItems(list, { dest: list, patch: from, schema, keys, options, merge: step });
}

interface FieldOrigin {
  readonly name: string;
  readonly old: YamlNode | undefined;
  readonly dest: YamlNode;
  readonly patch: YamlNode | undefined;
  readonly from: YamlNode | undefined;
}

/** A new field keeps the quotes of the key it had. */
function keyStyleOf(value: YamlNode, { name, old, dest, patch, from }: FieldOrigin): number {
  const map = value === patch ? from : value === old ? dest : undefined;
  if (map === undefined) return 0;
  return map.content[findKey(map, name) - 1]?.style ?? 0;
}

function fieldNames(dest: YamlNode, from: YamlNode | undefined): string[] {
  const names = new Set<string>();
  for (const map of [dest, from]) {
    if (map === undefined || map.kind !== "map") continue;
    for (const [key] of entriesOf(map)) names.add(key.value);
  }
  return [...names].sort();
}

/** An empty collection takes the style of what is put into it. */
function keepStyle(to: YamlNode | undefined, from: YamlNode | undefined): void {
  if (to === undefined || from === undefined || to === from) return;
  if (to.kind !== "scalar" && to.content.length === 0) to.style = from.style;
}

function keepComments(to: YamlNode | undefined, from: YamlNode | undefined): void {
  if (to === undefined || from === undefined) return;
  if (from.headComment !== "") to.headComment = from.headComment;
  if (from.lineComment !== "") to.lineComment = from.lineComment;
  if (from.footComment !== "") to.footComment = from.footComment;
}
