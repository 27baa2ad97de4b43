import fc from "fast-check";
import { awkwardScalar } from "./awkward.ts";
import { defined, NAMES } from "./resources.ts";
import { Raw, type Value, writeYaml } from "./yaml-text.ts";

export type Fields = Readonly<Record<string, Value>>;

/** A patch that is still to be told which resource it is for. */
export type PatchModel = (resource: Fields) => Fields;

const TEMPLATE_KINDS = ["Deployment", "StatefulSet", "DaemonSet"];

const containerPatch: fc.Arbitrary<Value> = fc.constantFrom<Value>(
  [{ name: "main", image: "patched:v9" }],
  [{ name: "side", image: "added" }],
  [{ name: "main", $patch: "delete" }],
  [
    {
      name: "main",
      env: [
        { name: "A", value: "patched" },
        { name: "C", value: "3" },
      ],
    },
  ],
  [{ name: "main", env: [{ name: "A", $patch: "delete" }] }],
  [{ name: "main", ports: [{ containerPort: 80, name: "web" }] }],
  [{ $patch: "replace" }, { name: "only", image: "only" }],
  [{ name: "main", args: ["--patched"], command: null }],
);

const podPatch: fc.Arbitrary<Fields> = fc
  .record({
    containers: fc.option(containerPatch, { nil: undefined }),
    volumes: fc.option(
      fc.constantFrom<Value>(
        null,
        [{ name: "data", $patch: "delete" }],
        [{ name: "new", emptyDir: {} }],
      ),
      { nil: undefined },
    ),
    nodeSelector: fc.option(fc.constantFrom<Value>({ a: "b" }, null), { nil: undefined }),
    serviceAccountName: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  })
  .map(defined);

const metadataPatch: fc.Arbitrary<Fields> = fc.constantFrom<Fields>(
  {},
  { labels: { app: null, new: "label" } },
  { annotations: { note: "patched" } },
  { labels: { $patch: "replace", only: "this" } },
);

const strategicBody = fc
  .record({ pod: podPatch, metadata: metadataPatch, value: awkwardScalar, replicas: fc.nat(5) })
  .map((model) => (resource: Fields): Fields => {
    const kind = String(resource["kind"]);
    const { name, namespace } = metadataOf(resource);
    const head = {
      apiVersion: resource["apiVersion"] ?? "",
      kind,
      metadata: { ...defined({ name, namespace }), ...model.metadata },
    };
    if (TEMPLATE_KINDS.includes(kind)) {
      return { ...head, spec: { replicas: model.replicas, template: { spec: model.pod } } };
    }
    return kind === "ConfigMap"
      ? { ...head, data: { b: null, c: "patched" } }
      : { ...head, spec: { value: { x: model.value } } };
  });

const deletion = fc.constant(
  (resource: Fields): Fields => ({
    apiVersion: resource["apiVersion"] ?? "",
    kind: resource["kind"] ?? "",
    metadata: defined({
      name: metadataOf(resource)["name"],
      namespace: metadataOf(resource)["namespace"],
    }),
    $patch: "delete",
  }),
);

const strategic: fc.Arbitrary<PatchModel> = fc
  .tuple(
    fc.oneof({ arbitrary: strategicBody, weight: 8 }, { arbitrary: deletion, weight: 1 }),
    fc.array(fc.nat(), { maxLength: 4 }),
  )
  .map(([body, style]) => (resource) => ({ patch: writeYaml(body(resource), style) }));

/** The last ones fail on many resources. */
const OPERATIONS: readonly Fields[] = [
  { op: "add", path: "/metadata/labels", value: { json: "yes" } },
  { op: "add", path: "/metadata/annotations", value: { "a/b": "1", c: "x" } },
  { op: "replace", path: "/metadata/name", value: "renamed" },
  { op: "add", path: "/spec", value: { replicas: 2, list: [1, "1", null, true] } },
  { op: "add", path: "/x~1y", value: new Raw("0x10") },
  { op: "copy", from: "/kind", path: "/copied" },
  { op: "add", path: "/list", value: [] },
  { op: "add", path: "/metadata/labels", value: null },
  { op: "test", path: "/kind", value: "Deployment" },
  { op: "remove", path: "/spec" },
];

const json: fc.Arbitrary<PatchModel> = fc
  .record({
    operations: fc.array(fc.constantFrom(...OPERATIONS), { minLength: 1, maxLength: 3 }),
    asJson: fc.boolean(),
    style: fc.array(fc.nat(), { maxLength: 4 }),
    options: fc.constantFrom<Fields>({}, { options: { allowNameChange: true } }),
    target: fc.constantFrom("name", "kind", "label", "regex", "namespace"),
  })
  .map(({ operations, asJson, style, options, target }) => (resource) => ({
    patch:
      asJson && !operations.some(({ value }) => value instanceof Raw)
        ? JSON.stringify(operations)
        : writeYaml(operations, style),
    target: targetOf(resource, target),
    ...options,
  }));

function targetOf(resource: Fields, how: string): Fields {
  const kind = resource["kind"] ?? "";
  const { name, namespace } = metadataOf(resource);
  switch (how) {
    case "name":
      return defined({ kind, name });
    case "label":
      return { labelSelector: "app in (web,api)" };
    case "regex":
      return { kind: "Deploy.*|ConfigMap", name: "w.*" };
    case "namespace":
      return defined({ kind, namespace: namespace ?? "one" });
    default:
      return { kind };
  }
}

/** The metadata of a resource as the generator made it. */
export function metadataOf(resource: Fields): Fields {
  const metadata = resource["metadata"];
  return typeof metadata === "object" &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    !(metadata instanceof Raw)
    ? Object.fromEntries(Object.entries(metadata))
    : {};
}

/** A strategic merge or JSON6902 patch. */
export const patch: fc.Arbitrary<PatchModel> = fc.oneof(
  { arbitrary: strategic, weight: 3 },
  { arbitrary: json, weight: 2 },
);
