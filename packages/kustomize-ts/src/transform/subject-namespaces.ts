import { BuildError } from "../errors.ts";
import { formatId, type ResId } from "../res-id.ts";
import { kindOf, type Resource } from "../resource.ts";
import { getField, type YamlNode } from "../yaml/node.ts";
import { decodeScalar } from "../yaml/scalar-value.ts";

/** The namespaces of the service accounts of a role binding, which it may refer to. */
export function readSubjectNamespaces(resource: Resource, id: ResId): Set<string> {
  const namespaces = new Set<string>();
  if (kindOf(resource) !== "RoleBinding" || id.clusterScoped) return namespaces;
  const subjects = getField(resource.node, "subjects");
  if (subjects?.kind !== "seq") return namespaces;
  const refuse = (message: string, { line }: YamlNode) =>
    new BuildError("INVALID_RESOURCE", message, { line: line === 0 ? undefined : line });
  for (const subject of subjects.content) {
    // The real one panics here.
    if (subject.kind !== "map") throw refuse("a subject must be a map", subject);
    const namespace = getField(subject, "namespace");
    const kind = getField(subject, "kind");
    if (namespace === undefined || kind === undefined) continue;
    // And here.
    if (!isTextNode(kind)) throw refuse("the kind of a subject must be a string", kind);
    if (kind.value !== "ServiceAccount") continue;
    if (!isTextNode(namespace)) {
      const message = `Invalid Input: namespace is blank for resource "${formatId(id)}"\n`;
      throw refuse(message, namespace);
    }
    namespaces.add(namespace.value);
  }
  return namespaces;
}

function isTextNode(node: YamlNode): boolean {
  return node.kind === "scalar" && decodeScalar(node).type === "string";
}
