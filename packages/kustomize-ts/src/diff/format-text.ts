import type { Diff } from "./diff.ts";
import { describeResource, formatHunk } from "./hunks.ts";
import type { ResourceChange } from "./resource-changes.ts";

/** A diff for a terminal: a line for each resource, its fields below it, a count at the end. */
export function formatText(diff: Diff): string {
  if (diff.changes.length === 0) {
    return `${formatNothing(diff)}\n`;
  }
  const resources = diff.changes.map(
    (change) => `${describeResource(change)}\n${change.fields.map(formatHunk).join("")}\n`,
  );
  return `${resources.join("")}${formatCounts(diff.changes)}\n`;
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
