/** A plain JSON value, as resources hold them. */
export type Json = unknown;

/** One field of a resource that is not the same on both sides; undefined where it is not there. */
export interface FieldChange {
  /** Keys with dots, items by name or number: `spec.containers[name=web].image`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** The fields that differ, deepest first named: maps by key, lists by the items' names where all have one. */
export function compareFields(before: Json, after: Json, path = ""): FieldChange[] {
  if (Bun.deepEquals(before, after, true)) {
    return [];
  }
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compareMember(before, after, { key, path: joinKey(path, key) }));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return compareLists(before, after, path);
  }
  return [{ path, before, after }];
}

function compareMember(
  before: ReadonlyMapLike,
  after: ReadonlyMapLike,
  { key, path }: { readonly key: string; readonly path: string },
): FieldChange[] {
  if (!Object.hasOwn(after, key)) {
    return [{ path, before: before[key] }];
  }
  if (!Object.hasOwn(before, key)) {
    return [{ path, after: after[key] }];
  }
  return compareFields(before[key], after[key], path);
}

function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  path: string,
): FieldChange[] {
  const [left, right] = [byName(before), byName(after)];
  if (left !== undefined && right !== undefined && isSameOrder(left, right)) {
    const names = [...new Set([...left.keys(), ...right.keys()])];
    return names.flatMap((name) => {
      const item = `${path}[name=${name}]`;
      if (!left.has(name)) {
        return [{ path: item, after: right.get(name) }];
      }
      return right.has(name)
        ? compareFields(left.get(name), right.get(name), item)
        : [{ path: item, before: left.get(name) }];
    });
  }
  return before.length === after.length && before.every(isMap)
    ? before.flatMap((item, index) => compareFields(item, after[index], `${path}[${index}]`))
    : [{ path, before, after }];
}

/** Items by their `name`; undefined unless every item has one of its own. */
function byName(items: readonly Json[]): ReadonlyMap<string, Json> | undefined {
  const names = items.map((item) => (isMap(item) ? item["name"] : undefined));
  const distinct = new Set(names).size === names.length;
  return distinct && names.every((name) => typeof name === "string")
    ? new Map(items.map((item, index) => [String(names[index]), item]))
    : undefined;
}

function isSameOrder(left: ReadonlyMap<string, Json>, right: ReadonlyMap<string, Json>): boolean {
  const shared = [...left.keys()].filter((name) => right.has(name));
  const there = [...right.keys()].filter((name) => left.has(name));
  return shared.every((name, index) => name === there[index]);
}

type ReadonlyMapLike = Readonly<Record<string, Json>>;

function isMap(value: Json): value is ReadonlyMapLike {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joinKey(path: string, key: string): string {
  if (/[.[\]\s]/.test(key) || key === "") {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === "" ? key : `${path}.${key}`;
}
