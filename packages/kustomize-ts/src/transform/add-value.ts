import type { Resource } from "../resource.ts";
import { lookup, requireKind, setScalar } from "../yaml/access.ts";
import { createPlain } from "../yaml/node.ts";

/** Where a value goes. */
export interface ValueTarget {
  readonly fieldPath: string;
  /** 0 sets the field; n makes the value the n-th part of the path that is there. */
  readonly filePathPosition: number;
}

/** Sets a field, or puts a part into the file path that stands in it (api/filters/valueadd). */
export function addValue(
  { node }: Resource,
  value: string,
  { fieldPath, filePathPosition }: ValueTarget,
): void {
  const field = lookup(node, splitFieldNames(fieldPath), "scalar");
  if (field === undefined) return;
  requireKind(field, "scalar");
  const text =
    filePathPosition > 0 ? insertPathPart(field.value, filePathPosition - 1, value) : value;
  if (text !== "") setScalar(field, createPlain(text));
}

function splitFieldNames(path: string): string[] {
  const names: string[] = [];
  for (const part of path.split("/")) {
    const last = names.at(-1);
    if (last?.endsWith("\\")) names[names.length - 1] = `${last.slice(0, -1)}/${part}`;
    else names.push(part);
  }
  return names;
}

function insertPathPart(path: string, position: number, part: string): string {
  const parts = path === "" ? [] : path.replace(/(?<=.)\/+$/, "").split(/\/+/);
  let at = Math.min(Math.max(position, 0), parts.length);
  if (parts[0] === "" && at < parts.length) at++;
  parts.splice(at, 0, part);
  return parts.join("/");
}
