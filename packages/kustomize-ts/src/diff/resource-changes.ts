import { compareFields, type FieldChange, type Json } from "./field-changes.ts";

/** What the comparison needs of a rendered resource. */
export interface ComparedResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly value: Json;
}

/** What happens to one resource. */
export interface ResourceChange {
  readonly change: "added" | "removed" | "changed";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The name before, where a new content hash renamed a generated resource. */
  readonly oldName?: string;
  readonly fields: readonly FieldChange[];
}

/** In place of a value that nobody shall read. */
export const HIDDEN = "(hidden)";
const HIDDEN_BEFORE = "(hidden, before)";
const HIDDEN_AFTER = "(hidden, after)";

/** The suffix of kustomize's content hashes: ten letters of its own alphabet. */
const HASH = /-[bcdfghkmt2456789]{10}$/;

/** What turns the resources `before` into those `after`, in the order of `after`, what is removed last. */
export function compareResources(
  before: readonly ComparedResource[],
  after: readonly ComparedResource[],
): ResourceChange[] {
  const old = new Map(before.map((resource) => [idOf(resource), resource]));
  const pairs = after.map((resource) => ({ resource, former: old.get(idOf(resource)) }));
  for (const { former } of pairs) {
    if (former !== undefined) {
      old.delete(idOf(former));
    }
  }
  const renamed = new Map([...old.values()].map((resource) => [idOf(resource, HASH), resource]));
  const changes = pairs.flatMap(({ resource, former }) => {
    const known = former ?? takeRenamed(renamed, old, resource);
    return known === undefined ? [describe("added", resource)] : describeChange(known, resource);
  });
  return [...changes, ...[...old.values()].map((resource) => describe("removed", resource))];
}

function takeRenamed(
  renamed: Map<string, ComparedResource>,
  old: Map<string, ComparedResource>,
  resource: ComparedResource,
): ComparedResource | undefined {
  const id = idOf(resource, HASH);
  const former = HASH.test(resource.name) ? renamed.get(id) : undefined;
  if (former !== undefined && HASH.test(former.name)) {
    renamed.delete(id);
    old.delete(idOf(former));
    return former;
  }
  return undefined;
}

function idOf(resource: ComparedResource, without?: RegExp): string {
  const name = without === undefined ? resource.name : resource.name.replace(without, "");
  return JSON.stringify([resource.apiVersion, resource.kind, resource.namespace ?? "", name]);
}

function describe(change: "added" | "removed", resource: ComparedResource): ResourceChange {
  const { apiVersion, kind, namespace, name } = resource;
  const value = isSecret(resource) ? hideSecret(resource.value, HIDDEN) : resource.value;
  const field = change === "added" ? { path: "", after: value } : { path: "", before: value };
  return { change, apiVersion, kind, namespace, name, fields: [field] };
}

function describeChange(former: ComparedResource, resource: ComparedResource): ResourceChange[] {
  const fields = compareFields(former.value, resource.value);
  if (fields.length === 0) {
    return [];
  }
  const { apiVersion, kind, namespace, name } = resource;
  return [
    {
      change: "changed",
      apiVersion,
      kind,
      namespace,
      name,
      ...(former.name === name ? {} : { oldName: former.name }),
      fields: isSecret(resource) ? fields.map(hideChange) : fields,
    },
  ];
}

function isSecret({ apiVersion, kind }: ComparedResource): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** Everything of a Secret is hidden but its type, its name and its labels: annotations may quote the values. */
const SHOWN = /^(apiVersion|kind|type|immutable|metadata(\.(name|namespace|labels)(\..*|\[.*)?))$/;

function hideChange(field: FieldChange): FieldChange {
  if (SHOWN.test(field.path)) {
    return field;
  }
  const { path, before, after } = field;
  return {
    path,
    ...(before === undefined ? {} : { before: hideLeaves(before, HIDDEN_BEFORE) }),
    ...(after === undefined ? {} : { after: hideLeaves(after, HIDDEN_AFTER) }),
  };
}

function hideSecret(value: Json, mark: string, path = ""): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return SHOWN.test(path) ? value : mark;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return [key, hideSecret(member, mark, at)];
    }),
  );
}

/** The keys stay, every value goes. */
function hideLeaves(value: Json, mark: string): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, hideLeaves(member, mark)]),
      )
    : mark;
}
