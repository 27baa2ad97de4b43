import type { FieldSpec } from "../field-spec.ts";
import { type Gvk, isSelectedBy } from "../res-id.ts";
import {
  addPrefix,
  addSuffix,
  gvkOf,
  originalId,
  type Resource,
  storePreviousId,
} from "../resource.ts";
import { setScalar } from "../yaml/access.ts";
import { createPlain, Tag } from "../yaml/node.ts";
import { createSpecSelector, visitField } from "./visit-fields.ts";

/** The kinds whose names others rely on. */
const SKIPPED: readonly Partial<Gvk>[] = [
  { kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", kind: "APIService" },
  { kind: "Namespace" },
];

export interface AffixSettings {
  readonly affix: string;
  readonly fieldSpecs: readonly FieldSpec[];
}

/** Puts a prefix in front of names. */
export function addNamePrefix(resources: readonly Resource[], settings: AffixSettings): void {
  addAffix(resources, settings, {
    note: addPrefix,
    join: (name) => settings.affix + name,
  });
}

/** Puts a suffix behind names. */
export function addNameSuffix(resources: readonly Resource[], settings: AffixSettings): void {
  addAffix(resources, settings, {
    note: addSuffix,
    join: (name) => name + settings.affix,
  });
}

function addAffix(
  resources: readonly Resource[],
  { affix, fieldSpecs }: AffixSettings,
  {
    note,
    join,
  }: { note: (resource: Resource, affix: string) => void; join: (name: string) => string },
): void {
  const select = createSpecSelector(fieldSpecs);
  const creation = { kind: "scalar", tag: Tag.string } as const;
  for (const resource of resources) {
    const id = originalId(resource);
    if (SKIPPED.some((selector) => isSelectedBy(id, selector))) continue;
    for (const path of select(id)) {
      if (path.spec.path === "metadata/name") {
        note(resource, affix);
        if (affix !== "") storePreviousId(resource);
      }
      if (!isSelectedBy(gvkOf(resource), path.spec)) continue;
      visitField(
        resource,
        path,
        (node) => setScalar(node, createPlain(join(node.value))),
        creation,
      );
    }
  }
}
