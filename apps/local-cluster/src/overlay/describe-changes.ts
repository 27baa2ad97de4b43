import {
  compareResources,
  describeField,
  describeResource,
  type ResourceChange,
} from "@hookline/kustomize-ts";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";

const Named = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

/** More fields of one resource than this are counted, not shown: a dashboard has thousands. */
const MOST_FIELDS = 6;

/** What changed from one render to the next: a line for each resource, its fields indented below. */
export function describeChanges(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
): readonly string[] {
  return compareResources(before.map(name), after.map(name)).flatMap((change) => [
    describeResource(change),
    ...(change.change === "changed" ? describeFields(change) : []),
  ]);
}

function name(value: JsonObject) {
  const { apiVersion, kind, metadata } = Named.parse(value);
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, value };
}

function describeFields({ fields, oldName }: ResourceChange): string[] {
  const shown = fields.filter(({ path }) => oldName === undefined || path !== "metadata.name");
  const lines = shown.slice(0, MOST_FIELDS).map((field) => `    ${describeField(field)}`);
  const more = shown.length - lines.length;
  return more > 0 ? [...lines, `    and ${more} more`] : lines;
}
