import {
  compareResources,
  describeField,
  describeResource,
  type ResourceChange,
} from "@hookline/kustomize-ts";
import { type Resource, Resource as ResourceSchema } from "./checks/kinds.ts";
import { sortForSync } from "./checks/sync-order.ts";

/** What happens to one resource of an overlay; of one that is added or removed, no field is named. */
export type Change = Omit<ResourceChange, "apiVersion">;

type Parsed = Resource & { readonly value: unknown };

/**
 * The changes from one rendered overlay to another, in Argo CD's order: first what is applied, by
 * wave and kind, then what is pruned, last wave first (PruneLast). A generated resource under a new
 * name is one change: it is applied at its place, and its old one pruned.
 */
export function diffOverlays(before: readonly unknown[], after: readonly unknown[]): Change[] {
  const [old, now] = [before.map(parse), after.map(parse)];
  const found = new Map(
    compareResources(old.map(toCompared), now.map(toCompared)).map((one) => [keyOf(one), one]),
  );
  const take = (resource: Parsed) => found.get(keyOf(toCompared(resource))) ?? [];
  return [
    ...sortForSync(now).flatMap(take),
    ...sortForSync(old).toReversed().flatMap(take).filter(isRemoved),
  ].map(toChange);
}

function parse(value: unknown): Parsed {
  return { ...ResourceSchema.parse(value), value };
}

function toCompared({ apiVersion, kind, metadata, value }: Parsed) {
  // Argo CD knows a resource by its group, whatever the version.
  const [group = ""] = apiVersion.split("/");
  return { apiVersion: group, kind, name: metadata.name, namespace: metadata.namespace, value };
}

type Identity = Pick<ResourceChange, "apiVersion" | "kind" | "namespace" | "name">;

function keyOf({ apiVersion, kind, namespace, name }: Identity): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function isRemoved({ change }: ResourceChange): boolean {
  return change === "removed";
}

function toChange({ apiVersion: _, ...change }: ResourceChange): Change {
  const isOldName = (path: string) => change.oldName !== undefined && path === "metadata.name";
  const fields = change.fields.filter(({ path }) => path !== "" && !isOldName(path));
  return { ...change, fields };
}

/** The changes as text, a line for each resource and, below it, for each field. */
export function renderChanges(overlay: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `${overlay}: nothing changes\n`;
  const lines = changes.flatMap((change) => [
    `  ${describeResource(change)}`,
    ...change.fields.map((field) => `      ${describeField(field)}`),
  ]);
  return `${overlay}:\n${lines.join("\n")}\n`;
}
