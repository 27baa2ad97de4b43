import type { FieldSpec } from "../field-spec.ts";
import type { Resource } from "../resource.ts";
import { setField } from "../yaml/access.ts";
import { createString, Tag } from "../yaml/node.ts";
import { createSpecSelector, visitFields } from "./visit-fields.ts";

/**
 * Sets labels, or annotations, in the fields of the specifications. The same node goes into every
 * new place of a resource, as in the real one, so a later change of one is a change of all.
 */
export function addEntries(
  resources: readonly Resource[],
  {
    entries,
    fieldSpecs,
  }: { entries: ReadonlyMap<string, string>; fieldSpecs: readonly FieldSpec[] },
): void {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const select = createSpecSelector(fieldSpecs);
  const creation = { kind: "map", tag: Tag.map } as const;
  for (const resource of resources) {
    for (const [key, value] of sorted) {
      const node = createString(value);
      visitFields(resource, select, (map) => setField(map, key, node), creation);
    }
  }
}
