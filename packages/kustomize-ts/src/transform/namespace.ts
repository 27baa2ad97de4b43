import { Note } from "../build-notes.ts";
import { addContext, BuildError, withContext } from "../errors.ts";
import type { FieldSpec } from "../field-spec.ts";
import { idKey } from "../res-id.ts";
import {
  annotationOf,
  apiVersionOf,
  currentId,
  gvkOf,
  isDeleted,
  kindOf,
  type Resource,
  storePreviousId,
} from "../resource.ts";
import { lookup, requireKind, setScalar } from "../yaml/access.ts";
import { toJsonValue } from "../yaml/convert.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import {
  createNode,
  getField,
  isEmpty,
  isNull,
  Style,
  Tag,
  textOf,
  type YamlNode,
} from "../yaml/node.ts";
import { createSpecSelector, visitField } from "./visit-fields.ts";

/** Which subjects of (cluster) role bindings get the namespace. */
export type SubjectMode = "allServiceAccounts" | "defaultOnly" | "none";

export interface NamespaceSettings {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

const METADATA = "metadata/namespace";
const metadataPath = {
  spec: { group: "", version: "", kind: "", path: METADATA, create: true },
  parts: ["metadata", "namespace"],
};

/**
 * Sets the namespace of what lives in one, and in the fields that name one (api/filters/namespace).
 * Refuses when two resources come to have the same id.
 */
export function setNamespaces(resources: readonly Resource[], settings: NamespaceSettings): void {
  if (settings.namespace === "") return;
  const counts = countIds(resources);
  const select = createSpecSelector(settings.fieldSpecs);
  for (const resource of resources) {
    if (isDeleted(resource) || annotationOf(resource, Note.helmGenerated) === "true") continue;
    const before = idKey(currentId(resource));
    storePreviousId(resource);
    setNamespaceOf(resource, settings, select);
    const after = idKey(currentId(resource));
    counts.set(before, (counts.get(before) ?? 0) - 1);
    counts.set(after, (counts.get(after) ?? 0) + 1);
    if (counts.get(after) === 1) continue;
    const twins = resources.filter((other) => idKey(currentId(other)) === after);
    throw new BuildError(
      "DUPLICATE_RESOURCE",
      `namespace transformation produces ID conflict: [${twins.map(({ node }) => formatGoJson(toJsonValue(node))).join(" ")}]`,
    );
  }
}

function countIds(resources: readonly Resource[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const key = idKey(currentId(resource));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Sets the namespace of one resource. */
export function setNamespaceOf(
  resource: Resource,
  settings: NamespaceSettings,
  select: ReturnType<typeof createSpecSelector>,
): void {
  const visit = createVisit(settings);
  if (!currentId(resource).clusterScoped) {
    visitField(resource, metadataPath, visit, { kind: "scalar", tag: Tag.none });
  }
  const isBinding = ["ClusterRoleBinding", "RoleBinding"].includes(kindOf(resource));
  if (isBinding) setSubjects(resource, settings.subjects, visit);
  const apiVersion = apiVersionOf(resource);
  const gvk = gvkOf(resource);
  for (const path of select(gvk)) {
    if (path.spec.path === METADATA) continue;
    if (path.spec.path === "metadata/name" && apiVersion !== "v1") continue;
    const isSubject =
      path.spec.path === "subjects/namespace" && path.spec.kind.endsWith("RoleBinding");
    if (isBinding && isSubject) continue;
    try {
      visitField(resource, path, visit, { kind: "scalar", tag: Tag.string });
    } catch (error) {
      throw explain(error);
    }
  }
}

/** A namespace can only be written where a scalar stands. */
function explain(error: unknown): unknown {
  const isKind = error instanceof BuildError && /but got (?:Map|Sequence)/.test(error.detail);
  const context = isKind
    ? "namespace field specs must target scalar nodes"
    : "namespace transformation failed";
  return addContext(error, context);
}

function createVisit({ namespace, unsetOnly }: NamespaceSettings): (node: YamlNode) => void {
  const value = createNode("scalar", Tag.string, namespace, Style.plain);
  return (node) => {
    if (unsetOnly && !isEmpty(node) && textOf(node) !== "") return;
    setScalar(node, value);
  };
}

/** A subject named `default`, or any service account, is one of the namespace. */
function setSubjects({ node }: Resource, mode: SubjectMode, visit: (node: YamlNode) => void): void {
  const subjects = getField(node, "subjects");
  if (mode === "none" || subjects === undefined || isNull(subjects)) return;
  const [field, wanted] = mode === "defaultOnly" ? ["name", "default"] : ["kind", "ServiceAccount"];
  withContext("setting namespace on (cluster)role binding subjects", () => {
    requireKind(subjects, "seq");
    for (const subject of subjects.content) {
      const found = withContext(`looking up ${field} on (cluster)role binding subject`, () => {
        const name = lookup(subject, [field ?? ""]);
        requireKind(name, "scalar");
        return name;
      });
      if (found === undefined || isNull(found) || found.value !== wanted) continue;
      const namespace = lookup(subject, ["namespace"], "scalar");
      if (namespace !== undefined) visit(namespace);
    }
  });
}
