import type { ResourceChange } from "./resource-changes.ts";

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

/** What a resource and its change are called, in one line. */
export type NamedChange = Pick<
  ResourceChange,
  "change" | "kind" | "name" | "namespace" | "oldName"
>;

/** One line that names a resource and what happens to it: `~ Deployment prod/web`. */
export function describeResource({ change, kind, name, namespace, oldName }: NamedChange): string {
  const place = namespace === undefined ? "" : `${namespace}/`;
  const names = oldName === undefined ? name : `${oldName} → ${name}`;
  return `${SIGNS[change]} ${kind} ${place}${names}`;
}
