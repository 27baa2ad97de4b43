import type { FieldSchema } from "../openapi.ts";
import { findElement, requireKind, setField } from "../yaml/access.ts";
import {
  appendContent,
  createPlain,
  createSeq,
  getField,
  isEmpty,
  isNull,
  type YamlNode,
} from "../yaml/node.ts";
import type { MergeOptions, MergeStep } from "./strategic-merge.ts";

/** A list that is merged item by item, and how. */
export interface ListMerge {
  readonly dest: YamlNode | undefined;
  readonly patch: YamlNode | undefined;
  readonly schema: FieldSchema | undefined;
  readonly keys: readonly string[];
  readonly options: MergeOptions;
  readonly merge: MergeStep;
}

/**
 * Merges the items of two lists that have merge keys, or are sets of scalars (kyaml
 * walk/associative_sequence.go): items that match are merged, the others are added, in front when
 * the patch is to be prepended.
 */
export function mergeItems(list: YamlNode, merge: ListMerge): YamlNode | undefined {
  const { keys } = merge;
  const primitive = keys.length === 0;
  let values = primitive ? primitiveValues(merge) : keyValues(merge);
  if (keys.length > 1) values = fillValues(values);
  const mergeKeys = primitive ? [""] : keys;
  const added = createSeq();
  let lastKeys: readonly string[] = mergeKeys;
  for (const tuple of values) {
    if (tuple.length === 0) continue;
    const valid = validKeys(values, tuple, mergeKeys);
    lastKeys = valid.keys;
    mergeItem(list, added, { merge, valid });
  }
  if (values.length === 0) return isNull(list) ? undefined : list;
  const result =
    merge.options.prepend === true
      ? appendItems(added, list, lastKeys)
      : appendItems(list, added, lastKeys);
  return isNull(result) ? undefined : result;
}

interface ValidKeys {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

function mergeItem(
  list: YamlNode,
  added: YamlNode,
  { merge, valid }: { merge: ListMerge; valid: ValidKeys },
): void {
  const find = (source: YamlNode | undefined) => {
    if (source === undefined || source.kind !== "seq") return undefined;
    const own = validKeys([valid.values], valid.values, valid.keys);
    return findElement(source, own.keys, own.values);
  };
  const item = merge.merge(find(merge.dest), find(merge.patch), merge.schema?.items());
  if (item === undefined || isNull(item) || (item.kind === "map" && item.content.length === 0)) {
    if (valid.keys.length > 0) setElement(list, undefined, valid);
    return;
  }
  for (const [i, key] of valid.keys.entries()) {
    const value = valid.values[i] ?? "";
    const missing = item.kind === "map" && getField(item, key) === undefined;
    if (missing && value !== "") setField(item, key, createPlain(value));
  }
  setElement(added, item, valid);
}

/** The sources in the order in which their items count. */
function sourcesOf({ dest, patch, options }: ListMerge): YamlNode[] {
  const order = options.prepend === true ? [patch, dest] : [dest, patch];
  return order.filter((source) => source !== undefined);
}

function keyValues(merge: ListMerge): string[][] {
  const seen = new Set<string>();
  const tuples: string[][] = [];
  for (const source of sourcesOf(merge)) {
    if (source.kind !== "seq") continue;
    for (const item of source.content) {
      const tuple = merge.keys.map((key) => {
        const field = getField(item, key);
        return field === undefined || isEmpty(field) ? "" : field.value;
      });
      const key = tuple.join("\0");
      if (seen.has(key)) continue;
      seen.add(key);
      tuples.push(tuple);
    }
  }
  return tuples;
}

function primitiveValues(merge: ListMerge): string[][] {
  const seen = new Set(
    sourcesOf(merge).flatMap(({ content }) => content.map(({ value }) => value)),
  );
  return [...seen].map((value) => [value]);
}

/** With several keys an item that leaves one out is the item that agrees in the others. */
function fillValues(tuples: string[][]): string[][] {
  for (let i = 0; i < tuples.length; i++) {
    // Go's loop holds on to the tuple that it began with, whatever is put in its place.
    const tuple = tuples[i] ?? [];
    for (let j = 0; j < tuples.length; j++) {
      const joined = joinTuples(tuple, tuples[j] ?? []);
      if (joined === undefined) continue;
      tuples[i] = joined;
      tuples[j] = joined;
    }
  }
  return tuples;
}

function joinTuples(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.length !== b.length) return undefined;
  let common = false;
  const joined: string[] = [];
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? "";
    if (left !== right && left !== "" && right !== "") return undefined;
    if (left === right) common = true;
    joined.push(left === "" ? right : left);
  }
  return common ? joined : undefined;
}

/** The keys that some item uses, and the values of this one for them. */
function validKeys(
  tuples: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): ValidKeys {
  const used = new Set<string>();
  for (const tuple of tuples) {
    for (const [i, value] of tuple.entries()) {
      if (value !== "") used.add(keys[i] ?? "");
    }
  }
  if (used.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => used.has(key)),
    values: values.filter((value, i) => value !== "" || used.has(keys[i] ?? "")),
  };
}

/** Adds the items of a list to another, each in the place of one with the same keys. */
function appendItems(target: YamlNode, source: YamlNode, keys: readonly string[]): YamlNode {
  for (const element of source.content) {
    if ((keys[0] ?? "") === "") {
      setElement(target, element, { keys: [""], values: [element.value] });
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      requireKind(element, "map");
      const field = getField(element, key);
      if (field === undefined) appendContent(target, element);
      else values.push(field.value);
    }
    if (keys.length > 1) setElement(target, undefined, { keys, values });
    setElement(target, element, { keys, values });
  }
  return target;
}

/**
 * Puts an element in the place of those that have the same keys, or at the end (kyaml
 * `ElementSetter`); without an element those are removed. Nulls and empty maps go in any case.
 */
function setElement(list: YamlNode, element: YamlNode | undefined, valid: ValidKeys): void {
  const { keys, values } = valid;
  const isMapping = (keys[0] ?? "") !== "" && (values[0] ?? "") !== "";
  let matched = false;
  const content: YamlNode[] = [];
  for (const item of list.content) {
    if (isNull(item) || (item.kind === "map" && item.content.length === 0)) continue;
    if (item.kind !== "map" && isMapping) {
      content.push(item);
    } else if (!matches(item, valid)) {
      if (values.length > 0) content.push(item);
    } else {
      matched = true;
      if (element !== undefined) content.push(element);
    }
  }
  if (element !== undefined && !isNull(element) && !matched) content.push(element);
  list.content = content;
}

function matches(item: YamlNode, { keys, values }: ValidKeys): boolean {
  let last: YamlNode | undefined;
  for (const [i, key] of keys.entries()) {
    // Go keeps the node of the key before when there is no value for this one.
    if (i < values.length) last = matchField(item, key, values[i] ?? "");
    if (last === undefined) return false;
  }
  return true;
}

function matchField(item: YamlNode, key: string, value: string): YamlNode | undefined {
  if (key === "") return item.value === value ? item : undefined;
  requireKind(item, "map");
  const field = getField(item, key);
  if (field === undefined) return undefined;
  // FieldMatcher takes an empty value for "any".
  return value === "" || field.value === value ? field : undefined;
}
