import { Note } from "../build-notes.ts";
import { BuildError } from "../errors.ts";
import type { FieldSpec } from "../field-spec.ts";
import type { Replica } from "../kustomization-parts.ts";
import { formatGvk, isSelectedBy } from "../res-id.ts";
import {
  annotationOf,
  currentId,
  gvkOf,
  isDeleted,
  nameOf,
  previousIds,
  type Resource,
} from "../resource.ts";
import { setScalar } from "../yaml/access.ts";
import { createNode, Style, Tag } from "../yaml/node.ts";
import { createSpecSelector, visitField } from "./visit-fields.ts";

/** Sets the number of replicas of what has, or had, that name; refuses when nothing has it. */
export function setReplicas(
  resources: readonly Resource[],
  { replica, fieldSpecs }: { replica: Replica; fieldSpecs: readonly FieldSpec[] },
): void {
  const { name, count } = replica;
  const creation = { kind: "scalar", tag: Tag.int } as const;
  const candidates = resources
    .filter((resource) => !isDeleted(resource) && hasHadName(resource, name))
    .map((resource) => ({ resource, ids: [...previousIds(resource), currentId(resource)] }));
  let found = false;
  for (const spec of fieldSpecs) {
    const [path] = createSpecSelector([spec])(spec);
    for (const { resource, ids } of candidates) {
      if (path === undefined) continue;
      if (!ids.some((id) => id.name === name && isSelectedBy(id, spec))) continue;
      found = true;
      if (!isSelectedBy(gvkOf(resource), spec)) continue;
      const value = createNode("scalar", Tag.int, String(count), Style.plain);
      visitField(resource, path, (node) => setScalar(node, value), creation);
    }
  }
  if (found) return;
  const kinds = fieldSpecs.map(formatGvk).join(" ");
  const message = `resource with name ${name} does not match a config with the following GVK [${kinds}]`;
  throw new BuildError("NO_PATCH_TARGET", message, { field: "replicas" });
}

/** A quick look, so that the ids of few resources have to be read. */
function hasHadName(resource: Resource, name: string): boolean {
  if (nameOf(resource) === name) return true;
  return annotationOf(resource, Note.previousNames)?.includes(name) === true;
}
