import { BuildError } from "./errors.ts";
import { type Gvk, isSelectedBy } from "./res-id.ts";
import { ORDER_FIRST, ORDER_LAST } from "./schema/kind-order.ts";

/** A field of the resources that are selected; empty parts of the selection select all. */
export interface FieldSpec extends Gvk {
  /** Names joined by `/`; `\/` is a slash in a name, `[]` behind a name asks for a list. */
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create: boolean;
}

/** The fields that name a kind of resource. */
export interface NameReference extends Gvk {
  readonly fieldSpecs: readonly FieldSpec[];
}

function parseSelection(words: readonly string[]): Gvk {
  const parts = { group: "", version: "", kind: "" };
  for (const word of words) {
    const [name, value = ""] = word.split("=");
    if (name === "group" || name === "version" || name === "kind") parts[name] = value;
  }
  return parts;
}

function parseLine(line: string): FieldSpec {
  const [path = "", ...words] = line.split(" ");
  return { ...parseSelection(words), path, create: words.includes("create") };
}

/** Reads a table of field specifications (see schema/field-specs.ts). */
export function parseFieldSpecs(table: string): readonly FieldSpec[] {
  return sortByGvk(table.trim().split("\n").map(parseLine));
}

/** Reads a table of name references (see schema/name-references.ts). */
export function parseNameReferences(table: string): readonly NameReference[] {
  const references: NameReference[] = [];
  for (const block of table.trim().replace(/^> /, "").split("\n> ")) {
    const [head = "", ...lines] = block.split("\n");
    references.push({ ...parseSelection(head.split(" ")), fieldSpecs: lines.map(parseLine) });
  }
  return sortByGvk(references);
}

const kindOrder = new Map<string, number>([
  ...ORDER_FIRST.map((kind, i) => [kind, i - ORDER_FIRST.length] as const),
  ...ORDER_LAST.map((kind, i) => [kind, i + 1] as const),
]);

/** Sorted as the real one sorts its configuration (kyaml resid `Gvk.IsLessThan`). */
export function sortByGvk<Selection extends Gvk>(specs: readonly Selection[]): Selection[] {
  const text = ({ group, version, kind }: Gvk) =>
    `${group || "~G"}_${version || "~V"}_${kind || "~K"}`;
  return [...specs].sort((a, b) => {
    const order = (kindOrder.get(a.kind) ?? 0) - (kindOrder.get(b.kind) ?? 0);
    if (order !== 0) return order;
    const [left, right] = [text(a), text(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** Adds specifications that are not there; the same field may not be both made and not made. */
export function mergeFieldSpecs(
  specs: readonly FieldSpec[],
  more: readonly FieldSpec[],
): FieldSpec[] {
  const merged = [...specs];
  for (const spec of more) {
    const same = merged.find((known) => isSelectedBy(known, spec) && known.path === spec.path);
    if (same === undefined) merged.push(spec);
    else if (same.create !== spec.create) {
      throw new BuildError("INVALID_CONFIG", "conflicting fieldspecs");
    }
  }
  return merged;
}

/** Splits a path at its slashes, except those behind a backslash. */
export function splitPath(path: string, delimiter = "/"): string[] {
  const parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === "") parts.shift();
  if (!path.includes("\\")) return parts;
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith("\\")) result[result.length - 1] = `${last.slice(0, -1)}${delimiter}${part}`;
    else result.push(part);
  }
  return result;
}

/** Splits a path at its dots; what stands in brackets is one part. */
export function splitFieldPath(path: string): string[] {
  const parts = splitPath(path, ".");
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? "";
    if (!part.startsWith("[") || part.endsWith("]")) {
      result.push(part);
      continue;
    }
    const bracketed = [part];
    while (i < parts.length - 1) {
      const next = parts[++i] ?? "";
      bracketed.push(next);
      if (next.endsWith("]")) break;
    }
    const joined = bracketed.join(".");
    result.push(joined.includes("=") ? joined : joined.replace(/^[[\]]+|[[\]]+$/g, ""));
  }
  return result;
}
