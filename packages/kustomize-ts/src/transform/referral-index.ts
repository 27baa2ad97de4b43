import type { Gvk, ResId } from "../res-id.ts";
import { effectiveNamespace, NO_NAMESPACE } from "../res-id.ts";
import {
  currentId,
  namespaceOf,
  prefixesOf,
  previousIds,
  type Resource,
  suffixesOf,
} from "../resource.ts";
import type { YamlNode } from "../yaml/node.ts";

/** A resource that was renamed, with all that the search for it asks; read once. */
export interface Candidate {
  readonly resource: Resource;
  readonly id: ResId;
  readonly namespace: string;
  readonly previous: readonly ResId[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

export interface Search {
  readonly referrer: Candidate;
  readonly target: Gvk;
  readonly path: string;
  /** The namespaces of the service accounts of a role binding, which it may refer to. */
  readonly subjectNamespaces: ReadonlySet<string>;
}

/** The candidates by what is asked of them: the fixing of all references is linear in them. */
export interface Index {
  /** By every name they had. */
  readonly byName: ReadonlyMap<string, readonly Candidate[]>;
  /** By the namespace they had first, renamed or not. */
  readonly byOriginal: ReadonlyMap<string, Group>;
}

/** Where the candidates that had one namespace first are now. */
interface Group {
  hasClusterScoped: boolean;
  readonly namespaces: Set<string>;
  /** As they are written: "" is none. */
  readonly written: Set<string>;
}

/** Reads what the search asks of a resource. */
export function readCandidate(resource: Resource): Candidate {
  const id = currentId(resource);
  return {
    resource,
    id,
    namespace: effectiveNamespace(id),
    previous: previousIds(resource),
    prefixes: prefixesOf(resource),
    suffixes: suffixesOf(resource),
  };
}

/** Sorts the candidates for the searches. */
export function createIndex(candidates: readonly Candidate[]): Index {
  const byName = new Map<string, Candidate[]>();
  const byOriginal = new Map<string, Group>();
  for (const candidate of candidates) {
    for (const name of new Set(candidate.previous.map((id) => id.name))) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [candidate]);
      else known.push(candidate);
    }
    addToGroup(byOriginal, candidate);
  }
  return { byName, byOriginal };
}

function addToGroup(groups: Map<string, Group>, candidate: Candidate): void {
  const original = originalNamespace(candidate);
  let group = groups.get(original);
  if (group === undefined) {
    group = { hasClusterScoped: false, namespaces: new Set(), written: new Set() };
    groups.set(original, group);
  }
  if (candidate.id.clusterScoped) group.hasClusterScoped = true;
  group.namespaces.add(candidate.namespace);
  group.written.add(candidate.id.namespace);
}

function originalNamespace({ previous, id }: Candidate): string {
  return effectiveNamespace(previous[0] ?? id);
}

/**
 * The candidates of the namespace that is written: those that had it first when any resource had,
 * whatever its name; else those that have it now.
 */
export function filterByNamespace(
  candidates: readonly Candidate[],
  node: YamlNode | undefined,
  { search, index }: { search: Search; index: Index },
): readonly Candidate[] {
  if (node === undefined || candidates.length === 0) return candidates;
  const namespace = node.value;
  if (namespace === NO_NAMESPACE) return [];
  const reachable = candidates.filter((candidate) => couldBeReferred(candidate, search));
  return isReachable(index.byOriginal.get(namespace), search)
    ? reachable.filter((candidate) => originalNamespace(candidate) === namespace)
    : reachable.filter((candidate) => candidate.namespace === namespace);
}

/** Whether the referrer could refer to one of the group. */
function isReachable(group: Group | undefined, { referrer, subjectNamespaces }: Search): boolean {
  if (group === undefined) return false;
  if (referrer.id.clusterScoped || group.hasClusterScoped) return true;
  if (group.namespaces.has(referrer.namespace)) return true;
  for (const namespace of subjectNamespaces) if (group.written.has(namespace)) return true;
  return false;
}

/** Whether the referrer's place lets it refer to the candidate at all. */
export function couldBeReferred(
  candidate: Candidate,
  { referrer, subjectNamespaces }: Search,
): boolean {
  if (referrer.id.clusterScoped || candidate.id.clusterScoped) return true;
  if (candidate.namespace === referrer.namespace) return true;
  return subjectNamespaces.has(namespaceOf(candidate.resource));
}
