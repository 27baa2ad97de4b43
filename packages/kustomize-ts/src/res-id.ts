import { isClusterScoped } from "./openapi.ts";

/** Group, version and kind. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a resource is known by. */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** Known to live outside of namespaces; what is not known is taken to live in one. */
  readonly clusterScoped: boolean;
}

/** The namespace that the real one writes down for what has none. */
export const NO_NAMESPACE = "_non_namespaceable_";
const DEFAULT_NAMESPACE = "default";

export interface ApiVersion {
  readonly group: string;
  readonly version: string;
}

/** A build meets few API versions, and each of them again and again. */
const parsed = new Map<string, ApiVersion>();
const MAX_PARSED = 1000;

export function parseApiVersion(apiVersion: string): ApiVersion {
  const known = parsed.get(apiVersion);
  if (known !== undefined) return known;
  const slash = apiVersion.indexOf("/");
  const version =
    slash < 0
      ? { group: "", version: apiVersion }
      : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
  if (parsed.size < MAX_PARSED) parsed.set(apiVersion, version);
  return version;
}

export function formatApiVersion({ group, version }: Gvk): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The id of a resource; whether its kind is cluster-scoped is looked up. */
export function createId(gvk: Gvk, name: string, namespace: string): ResId {
  const { group, version, kind } = gvk;
  const clusterScoped = isClusterScoped(formatApiVersion(gvk), kind);
  return { group, version, kind, name, namespace, clusterScoped };
}

/** The namespace that counts for comparison. */
export function effectiveNamespace({ clusterScoped, namespace }: ResId): string {
  if (clusterScoped) return NO_NAMESPACE;
  return namespace === "" ? DEFAULT_NAMESPACE : namespace;
}

/** A text that two ids share exactly when they are equal. */
export function idKey(id: ResId): string {
  return `${id.group}\0${id.version}\0${id.kind}\0${id.name}\0${effectiveNamespace(id)}`;
}

export function isSameGvk(a: Gvk, b: Gvk): boolean {
  return a.kind === b.kind && a.version === b.version && a.group === b.group;
}

/** Whether the id has what the selector asks for; an empty part asks for nothing. */
export function isSelectedBy(id: Gvk, selector: Partial<Gvk>): boolean {
  if (selector.kind && id.kind !== selector.kind) return false;
  if (selector.group && id.group !== selector.group) return false;
  return !(selector.version && id.version !== selector.version);
}

/** As kustomize prints it in errors: "Deployment.v1.apps". */
export function formatGvk({ group, version, kind }: Gvk): string {
  return `${kind || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}`;
}

/** As kustomize prints it in errors: "Deployment.v1.apps/app.hookline". */
export function formatId(id: ResId): string {
  return `${formatGvk(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;
}
