import { emitYaml } from "../yaml.ts";
import type { FieldChange } from "./field-changes.ts";
import { type DiffLine, diffLines } from "./lines.ts";

/** The unified diff of a field under its path; of a whole resource, the lines of its YAML. */
export function formatHunk(field: FieldChange): string {
  const head = field.path === "" ? "" : `@@ ${field.path} @@\n`;
  return head + formatLines(field);
}

/** The lines that a field loses and gains, with some that stay around them. */
export function formatLines(field: FieldChange): string {
  return diffLines(linesOf(field, "before"), linesOf(field, "after")).map(formatLine).join("");
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
