import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** Kinds of ours that do not live in a namespace. */
const CLUSTER_SCOPED = ["Namespace"];

/** Each resource is named once, and all are in the one namespace that the overlay makes. */
export function checkNames(tree: Tree): Finding[] {
  const seen = new Set<string>();
  const namespace = tree.resources.find(({ kind }) => kind === "Namespace")?.metadata.name;
  return tree.resources.flatMap(({ apiVersion, kind, metadata }): Finding[] => {
    const resource = `${kind}/${metadata.name}`;
    const id = `${apiVersion.replace(/\/.*/, "")} ${resource}`;
    const twice = seen.has(id)
      ? [{ check: "named-once", resource, message: "is in the tree twice" }]
      : [];
    seen.add(id);
    const wished = CLUSTER_SCOPED.includes(kind) ? undefined : namespace;
    const elsewhere =
      metadata.namespace === wished
        ? []
        : [
            {
              check: "one-namespace",
              resource,
              message: `is in namespace "${metadata.namespace}", wished: "${wished}"`,
            },
          ];
    return [...twice, ...elsewhere];
  });
}
