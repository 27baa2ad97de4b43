import { type Resource, Resource as ResourceSchema } from "./checks/kinds.ts";
import { sortForSync } from "./checks/sync-order.ts";

/** What happens to one resource of an overlay. */
export interface Change {
  readonly kind: "create" | "change" | "prune";
  /** `Kind namespace/name`. */
  readonly resource: string;
  /** What differs inside, as JSON pointers with the value before and after. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}

type Parsed = Resource & { readonly value: unknown };

/**
 * The changes from one rendered overlay to another, in Argo CD's order: first what is applied, by
 * wave and kind, then what is pruned, last wave first (PruneLast).
 */
export function diffOverlays(before: readonly unknown[], after: readonly unknown[]): Change[] {
  const old = parse(before);
  const now = parse(after);
  const applied = sortForSync([...now.values()]).flatMap((resource): Change[] => {
    const name = nameOf(resource);
    const former = old.get(name);
    if (former === undefined) return [{ kind: "create", resource: name, fields: [] }];
    const fields = listFieldChanges(former.value, resource.value, "");
    return fields.length === 0 ? [] : [{ kind: "change", resource: name, fields }];
  });
  const gone = [...old].filter(([name]) => !now.has(name)).map(([, resource]) => resource);
  const pruned = sortForSync(gone)
    .reverse()
    .map((resource): Change => ({ kind: "prune", resource: nameOf(resource), fields: [] }));
  return [...applied, ...pruned];
}

function parse(resources: readonly unknown[]): Map<string, Parsed> {
  return new Map(
    resources.map((value) => {
      const resource = { ...ResourceSchema.parse(value), value };
      return [nameOf(resource), resource];
    }),
  );
}

function nameOf({ kind, metadata }: Resource): string {
  const namespace = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
  return `${kind} ${namespace}${metadata.name}`;
}

function listFieldChanges(before: unknown, after: unknown, pointer: string): FieldChange[] {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return Object.is(before, after) ? [] : [{ pointer, before, after }];
  }
  const left = new Map(Object.entries(before));
  const right = new Map(Object.entries(after));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    listFieldChanges(
      left.get(key),
      right.get(key),
      `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    ),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const SIGNS = { create: "+", change: "~", prune: "-" } as const;
/** A text is cut here; a dashboard is one text of many thousand characters. */
const MAX_CHARACTERS = 80;

/** The changes as text, a line for each resource and, below it, for each field. */
export function renderChanges(overlay: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `${overlay}: nothing changes\n`;
  const lines = changes.flatMap(({ kind, resource, fields }) => [
    `  ${SIGNS[kind]} ${resource}`,
    ...fields.map((one) => `      ${one.pointer}: ${write(one.before)} → ${write(one.after)}`),
  ]);
  return `${overlay}:\n${lines.join("\n")}\n`;
}

function write(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
