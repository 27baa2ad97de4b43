import { z } from "zod";
import { MeshError } from "./errors.ts";
import type { JsonObject, Labels } from "./types.ts";

/** A resource of a kind that the mesh reads, its spec parsed. */
export interface Resource<Spec> {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** "Kind/namespace/name". */
  readonly id: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** When the cluster made it; "" in a manifest that was never applied. */
  readonly created: string;
  readonly spec: Spec;
}

export const LabelMap = z.record(z.string(), z.string());

const Envelope = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().default("default"),
    labels: LabelMap.nullish(),
    annotations: LabelMap.nullish(),
    creationTimestamp: z.string().nullish(),
  }),
});

export interface KindOptions<Spec> {
  readonly group: string;
  readonly kind: string;
  readonly spec: z.ZodType<Spec>;
}

/** The resources of one kind. Throws a MeshError for a spec that is wrong or not modelled. */
export function readKind<Spec>(
  resources: readonly JsonObject[],
  { group, kind, spec }: KindOptions<Spec>,
): Resource<Spec>[] {
  return resources.flatMap((value) => {
    if (value["kind"] !== kind || readGroup(value["apiVersion"]) !== group) return [];
    const { metadata } = parseWith(Envelope, value, kind);
    const id = `${kind}/${metadata.namespace}/${metadata.name}`;
    const parsed = parseWith(z.looseObject({ spec }), value, id);
    return [
      {
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
        id,
        labels: metadata.labels ?? {},
        annotations: metadata.annotations ?? {},
        created: metadata.creationTimestamp ?? "",
        spec: parsed.spec,
      },
    ];
  });
}

/** The API group of an apiVersion; "" for the core group. */
export function readGroup(apiVersion: unknown): string {
  if (typeof apiVersion !== "string") return "";
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** A field that Istio or Kubernetes has and this package does not model. */
const UNRECOGNIZED = "unrecognized_keys";

/** Parses with a schema; an unknown field is UNSUPPORTED, a wrong value INVALID. */
export function parseWith<Output>(schema: z.ZodType<Output>, value: unknown, id: string): Output {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issue = deepest(error.issues);
  const field = formatPath(issue.path);
  if (issue.code !== UNRECOGNIZED) {
    const options = { code: "INVALID", resource: id, field, cause: error } as const;
    throw new MeshError(`Cannot read the field: ${issue.message}`, options);
  }
  const unknown = formatPath([...issue.path, issue.keys[0] ?? ""]);
  const options = { code: "UNSUPPORTED", resource: id, field: unknown, cause: error } as const;
  throw new MeshError("The field is not modelled, so what it does is not known", options);
}

function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [first] = issues;
  if (first === undefined) throw new RangeError("A failed parse has no issue");
  return first;
}

/** spec.http[0].match[1].uri */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/**
 * Oldest first; of one age by name and namespace (Istio: sortConfigByCreationTime in
 * pilot/pkg/model/push_context.go). Manifests have no age: all are of one.
 */
export function sortByAge<Spec>(resources: readonly Resource<Spec>[]): Resource<Spec>[] {
  const key = (one: Resource<Spec>) => `${one.name}.${one.namespace}`;
  return resources.toSorted((one, other) =>
    one.created === other.created
      ? compare(key(one), key(other))
      : compare(one.created, other.created),
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
