import type { RenderedResource } from "../build.ts";
import { BuildError } from "../errors.ts";
import { createId, effectiveNamespace, NO_NAMESPACE, parseApiVersion } from "../res-id.ts";

/** A resource and the file that `-o FOLDER` writes it to. */
export interface NamedResource {
  readonly name: string;
  readonly resource: RenderedResource;
}

/**
 * The files of a build as the real one names them: `<group>_<version>_<kind>_<name>.yaml` in lower case,
 * behind the namespace where there is more than one (kustomize's build/writer.go). Refuses a name that
 * would lie in another folder.
 */
export function nameFiles(resources: readonly RenderedResource[]): readonly NamedResource[] {
  const namespaces = new Set(resources.map(namespaceOf));
  namespaces.delete(NO_NAMESPACE);
  return resources.map((resource) => {
    const { group, version } = parseApiVersion(resource.apiVersion);
    const parts = [group, version, resource.kind, resource.name].filter((part) => part !== "");
    const namespace = namespaceOf(resource);
    const prefix = namespaces.size > 1 && namespace !== NO_NAMESPACE ? `${namespace}_` : "";
    const name = `${prefix}${parts.join("_")}.yaml`.toLowerCase();
    if (/[/\\\0]/.test(name)) {
      throw new BuildError("USAGE", `Cannot write "${name}": the name leads out of the folder`);
    }
    return { name, resource };
  });
}

function namespaceOf({ apiVersion, kind, name, namespace }: RenderedResource): string {
  const gvk = { ...parseApiVersion(apiVersion), kind };
  return effectiveNamespace(createId(gvk, name, namespace ?? ""));
}
