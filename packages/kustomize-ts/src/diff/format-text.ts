import { describeField, isShort } from "./describe-field.ts";
import { describeResource } from "./describe-resource.ts";
import type { Diff } from "./diff.ts";
import type { FieldChange } from "./field-changes.ts";
import { formatLines } from "./hunks.ts";
import type { ResourceChange } from "./resource-changes.ts";

/** A diff for a terminal: a line for each resource, its fields below it, a count at the end. */
export function formatText(diff: Diff): string {
  if (diff.changes.length === 0) {
    return `${formatNothing(diff)}\n`;
  }
  const resources = diff.changes.map(
    (change) => `${describeResource(change)}\n${listFields(change).map(formatField).join("")}`,
  );
  return `${resources.join("")}\n${formatCounts(diff.changes)}\n`;
}

/** All but the name of a generated resource, which its first line has. */
function listFields({ fields, oldName }: ResourceChange): readonly FieldChange[] {
  return fields.filter(({ path }) => oldName === undefined || path !== "metadata.name");
}

/** A field in one line; a long one, or a whole resource, as the lines that it loses and gains. */
function formatField(field: FieldChange): string {
  if (field.path !== "" && isShort(field)) return `    ${describeField(field)}\n`;
  const head = field.path === "" ? "" : `    ${field.path}:\n`;
  return head + formatLines(field).replace(/^(?=.)/gm, field.path === "" ? "    " : "      ");
}

/** What there is to say when no resource changes. */
export function formatNothing({ path, ref, reordered }: Diff): string {
  return reordered
    ? `Only the order of the resources of ${path} changes against ${ref}`
    : `No changes of ${path} against ${ref}`;
}

/** `1 added, 2 changed, 0 removed`. */
export function formatCounts(changes: readonly ResourceChange[]): string {
  const count = (wanted: ResourceChange["change"]): string =>
    `${changes.filter(({ change }) => change === wanted).length} ${wanted}`;
  return [count("added"), count("changed"), count("removed")].join(", ");
}
