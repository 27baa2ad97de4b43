import { emitYaml } from "../yaml.ts";
import type { FieldChange } from "./field-changes.ts";
import { type DiffLine, diffLines } from "./lines.ts";
import type { ResourceChange } from "./resource-changes.ts";

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

/** One line that names a resource and what happens to it: `~ apps/v1 Deployment prod/web`. */
export function describeResource(change: ResourceChange): string {
  const name = change.oldName === undefined ? change.name : `${change.oldName} → ${change.name}`;
  const place = change.namespace === undefined ? name : `${change.namespace}/${name}`;
  return `${SIGNS[change.change]} ${change.apiVersion} ${change.kind} ${place}`;
}

/** The unified diff of a field under its path; of a whole resource, the lines of its YAML. */
export function formatHunk(field: FieldChange): string {
  const head = field.path === "" ? "" : `@@ ${field.path} @@\n`;
  const lines = diffLines(linesOf(field, "before"), linesOf(field, "after"));
  return head + lines.map(formatLine).join("");
}

function formatLine({ sign, text }: DiffLine): string {
  return text === "" && sign === " " ? "\n" : `${sign}${text}\n`;
}

function linesOf(field: FieldChange, side: "before" | "after"): readonly string[] {
  if (!Object.hasOwn(field, side)) {
    return [];
  }
  const value = field[side];
  const text = typeof value === "string" && value.includes("\n") ? value : emitYaml(value);
  return text.replace(/\n$/, "").split("\n");
}
