import { addContext, BuildError } from "../errors.ts";
import type { FieldSpec, NameReference } from "../field-spec.ts";
import { formatGvk, formatId, type Gvk, isSelectedBy } from "../res-id.ts";
import { currentId, kindOf, nameOf, namespaceOf, type Resource } from "../resource.ts";
import { setField, setScalar } from "../yaml/access.ts";
import { emitDocument } from "../yaml/emit.ts";
import { createPlain, getField, isNull, type YamlNode } from "../yaml/node.ts";
import {
  type Candidate,
  couldBeReferred,
  createIndex,
  filterByNamespace,
  type Index,
  readCandidate,
  type Search,
} from "./referral-index.ts";
import { readSubjectNamespaces } from "./subject-namespaces.ts";
import { createSpecSelector, visitField } from "./visit-fields.ts";

/**
 * Writes the new names of resources into the fields that name them (api/filters/nameref). A name
 * that several may have had is the one with the same namespace, prefixes and suffixes as the
 * referrer; when that does not settle it, an error names them.
 */
export function fixNameReferences(
  resources: readonly Resource[],
  references: readonly NameReference[],
): void {
  const candidates = resources.map(readCandidate);
  const index = createIndex(candidates);
  const find = createFieldFinder(references);
  for (const referrer of candidates) {
    const fields = find(referrer.previous[0] ?? referrer.id);
    if (fields.length === 0) continue;
    requireApiVersion(referrer.resource);
    const subjectNamespaces = readSubjectNamespaces(referrer.resource, referrer.id);
    for (const { target, path } of fields) {
      fixField({ referrer, target, path: path.spec.path, subjectNamespaces }, path, index);
    }
  }
}

/** A null is read as none in one place and by its text in another (`confirmNodeMatchesReferrer`). */
function requireApiVersion({ node }: Resource): void {
  const version = getField(node, "apiVersion");
  if (version === undefined || !isNull(version) || version.value === "") return;
  const message = `node-referrerOriginal 'APIVersion' mismatch '' != '${version.value}'`;
  throw new BuildError("INVALID_RESOURCE", message);
}

interface ReferenceField {
  readonly target: Gvk;
  readonly path: ReturnType<ReturnType<typeof createSpecSelector>>[number];
}

/** Gives the fields of a kind that name others; those of a kind are looked up once. */
function createFieldFinder(
  references: readonly NameReference[],
): (gvk: Gvk) => readonly ReferenceField[] {
  const selectors = references.map((target) => ({
    target,
    select: createSpecSelector(target.fieldSpecs),
  }));
  const known = new Map<string, readonly ReferenceField[]>();
  return (gvk) => {
    const key = formatGvk(gvk);
    let fields = known.get(key);
    if (fields === undefined) {
      fields = selectors.flatMap(({ target, select }) =>
        select(gvk).map((path) => ({ target, path })),
      );
      known.set(key, fields);
    }
    return fields;
  };
}

function fixField(
  search: Search,
  path: { spec: FieldSpec; parts: readonly string[] },
  index: Index,
): void {
  const { resource } = search.referrer;
  try {
    visitField(resource, path, (node) => fixNode(node, search, index));
  } catch (error) {
    const id = formatId(currentId(resource));
    throw addContext(error, `updating name reference in '${path.spec.path}' field of '${id}'`);
  }
}

function fixNode(node: YamlNode, search: Search, index: Index): void {
  if (isNull(node)) return;
  switch (node.kind) {
    case "scalar":
      fixScalar(node, search, index);
      return;
    case "map":
      fixMap(node, search, index);
      return;
    case "seq":
      for (const item of node.content) {
        if (isNull(item)) continue;
        if (item.kind === "scalar") fixScalar(item, search, index);
        else if (item.kind === "map") fixMap(item, search, index);
        else
          throw new BuildError(
            "WRONG_TYPE",
            "a list item is expected to be either a string or a map of string",
          );
      }
      return;
    default:
      throw new BuildError("WRONG_TYPE", "node must be a scalar, sequence or map");
  }
}

function fixScalar(node: YamlNode, search: Search, index: Index): void {
  const found = findReferral(index.byName.get(node.value) ?? [], search, { byNamespace: false });
  if (found === undefined) return;
  const name = nameOf(found.resource);
  if (name !== node.value) setScalar(node, createPlain(name));
}

/** A map with `name` and perhaps `namespace`. */
function fixMap(node: YamlNode, search: Search, index: Index): void {
  const nameNode = getField(node, "name");
  if (nameNode === undefined) {
    throw new BuildError("INVALID_CONFIG", "path config error; no 'name' field in node");
  }
  const known = index.byName.get(nameNode.value) ?? [];
  const candidates = filterByNamespace(known, getField(node, "namespace"), { search, index });
  const found = findReferral(candidates, search, { byNamespace: true });
  if (found === undefined) return;
  const name = nameOf(found.resource);
  const namespace = namespaceOf(found.resource);
  if (name === nameNode.value && namespace === "") return;
  setField(node, "name", createPlain(name));
  if (namespace !== "") setField(node, "namespace", createPlain(namespace));
}

function findReferral(
  known: readonly Candidate[],
  search: Search,
  { byNamespace }: { byNamespace: boolean },
): Candidate | undefined {
  if (known.length === 0) return undefined;
  const { referrer, target } = search;
  const roleRef = readRoleRef(search);
  let candidates = known.filter(
    (candidate) =>
      couldBeReferred(candidate, search) &&
      candidate.previous.some((id) => isSelectedBy(id, target)) &&
      (roleRef === undefined || candidate.previous.some((id) => isSelectedBy(id, roleRef))) &&
      isInReach(candidate, referrer),
  );
  if (candidates.length === 1) return candidates[0];
  candidates = candidates.filter((candidate) => hasSameAffixes(candidate, referrer, true));
  if (candidates.length > 1) {
    candidates = candidates.filter((candidate) => hasSameAffixes(candidate, referrer, false));
  }
  const [first] = candidates;
  if (first === undefined || candidates.length === 1) return first;
  const same = candidates.every(
    ({ resource }) =>
      nameOf(resource) === nameOf(first.resource) &&
      (!byNamespace || namespaceOf(resource) === namespaceOf(first.resource)),
  );
  if (same) return first;
  throw ambiguous(candidates, referrer);
}

/** The same namespace; a service account may be referred to from any. */
function isInReach(candidate: Candidate, referrer: Candidate): boolean {
  if (referrer.id.clusterScoped || candidate.id.clusterScoped) return true;
  return (
    kindOf(candidate.resource) === "ServiceAccount" || candidate.namespace === referrer.namespace
  );
}

/** What a role binding says of the role it names. */
function readRoleRef({ referrer, path }: Search): Partial<Gvk> | undefined {
  if (!path.endsWith("roleRef/name")) return undefined;
  const roleRef = getField(referrer.resource.node, "roleRef");
  const group = getField(roleRef, "apiGroup");
  const kind = getField(roleRef, "kind");
  if (group === undefined || kind === undefined) return undefined;
  return { group: group.value, kind: kind.value };
}

function hasSameAffixes(a: Candidate, b: Candidate, allowEmpty: boolean): boolean {
  const pairs: [readonly string[], readonly string[]][] = [
    [a.prefixes, b.prefixes],
    [a.suffixes, b.suffixes],
  ];
  return pairs.every(
    ([left, right]) =>
      (allowEmpty && (left.length === 0 || right.length === 0)) || hasSameEnd(left, right),
  );
}

function hasSameEnd(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length > b.length ? [b, a] : [a, b];
  if (short.length === 0) return long.length === 0;
  const offset = long.length - short.length;
  return short.every((text, i) => text === long[i + offset]);
}

function ambiguous(candidates: readonly Candidate[], referrer: Candidate): BuildError {
  const ids = candidates.map(({ resource }) => formatId(currentId(resource))).join(", ");
  const details = candidates
    .map(({ resource }, i) => `--- possible referral ${i}:\n${emitDocument(resource.node)}\n`)
    .join("");
  const message =
    `found multiple possible referrals: ${ids}\n\n` +
    `**** Too many possible referral targets to referrer:\n${emitDocument(referrer.resource.node)}\n${details}`;
  return new BuildError("AMBIGUOUS_REFERENCE", message);
}
