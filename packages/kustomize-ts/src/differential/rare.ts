import fc from "fast-check";
import { type Extras, type ExtrasModel, plugin } from "./extra-model.ts";
import { type Fields, metadataOf } from "./patches.ts";
import { defined, name } from "./resources.ts";
import { type Value, writeYaml } from "./yaml-text.ts";

// What few kustomizations have: replacements with options, plugins of every kind, schemas, CRDs.

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const selector = fc
  .record({
    kind: maybe(fc.constantFrom("Deployment", "ConfigMap", "Foo|Service", ".*Set", "Role.*")),
    name: maybe(fc.constantFrom("web", "w.*", "(?i)WEB", "p-web", "api|db")),
    namespace: maybe(fc.constantFrom("one", "default", "t.*", ".*")),
    labelSelector: maybe(fc.constantFrom("app", "app=web", "app in (web, api),tier", "!app")),
    annotationSelector: maybe(fc.constantFrom("note", "note!=x")),
  })
  .map(defined);

const FIELD_PATHS: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "metadata.labels.app",
  "metadata.labels.[a.b/c]",
  "metadata.annotations.note",
  "metadata.annotations.new\\.key",
  "data.a",
  "data.b",
  "data.b.deep.er",
  "spec.value",
  "spec.value.0",
  "spec.value.x",
  "spec.replicas",
  "spec.new.list.0.x",
  "spec.new.list.[name=q].x",
  "spec.template.spec.containers.*.image",
  "spec.template.spec.containers.[name=main].env.[name=A].value",
  "spec.template.spec.containers.[name=m.*].args.0",
  "spec.template.spec.containers.0.ports.*.containerPort",
  "spec.template.spec.volumes.[name=data].configMap.name",
  "spec.ports.*.port",
  "spec.ports.[port=80].name",
  "subjects.*.namespace",
  "rules.0.resourceNames.[=web]",
];

const options = fc
  .record({
    delimiter: maybe(fc.constantFrom(":", "/", "-", "e", "")),
    index: maybe(fc.integer({ min: -2, max: 3 })),
    create: maybe(fc.boolean()),
  })
  .map(defined);

const target = fc
  .record({
    select: selector,
    reject: maybe(fc.tuple(selector).map((all): Value => all)),
    fieldPaths: maybe(
      fc
        .uniqueArray(fc.constantFrom(...FIELD_PATHS), { minLength: 1, maxLength: 2 })
        .map((all): Value => all),
    ),
    options: maybe(options),
  })
  .map(defined);

const source = fc.record({
  pick: fc.nat(),
  sourceValue: maybe(fc.constantFrom("static", "5", "a/b:c", "true", "{x: y}")),
  fieldPath: maybe(fc.constantFrom(...FIELD_PATHS)),
  options: maybe(options),
  byKindOnly: fc.boolean(),
});

type Source = typeof source extends fc.Arbitrary<infer Model> ? Model : never;

function sourceOf(model: Source, resources: readonly Fields[]): Fields {
  if (model.sourceValue !== undefined) return { sourceValue: model.sourceValue };
  const resource = resources[model.pick % Math.max(1, resources.length)] ?? {};
  const { name: named, namespace } = metadataOf(resource);
  const id = model.byKindOnly ? {} : { name: named, namespace };
  const { fieldPath, options: how } = model;
  return { source: defined({ kind: resource["kind"], ...id, fieldPath, options: how }) };
}

const replacements: fc.Arbitrary<ExtrasModel> = fc
  .record({
    entries: fc.array(
      fc.record({ source, targets: fc.array(target, { minLength: 1, maxLength: 2 }) }),
      { minLength: 1, maxLength: 2 },
    ),
    place: fc.constantFrom("field", "file", "plugin"),
  })
  .map(({ entries, place }) => (resources): Extras => {
    const list = entries.map(({ source: from, targets }) => ({
      ...sourceOf(from, resources),
      targets,
    }));
    if (place === "field") return { fields: { replacements: list }, files: [] };
    if (place === "file") {
      const files = [["replacements.yaml", writeYaml(list, [])] as const];
      return { fields: { replacements: [{ path: "replacements.yaml" }] }, files };
    }
    const config = plugin("ReplacementTransformer", { replacements: list });
    return { fields: { transformers: [writeYaml(config, [])] }, files: [] };
  });

const metadataPatch = (resource: Fields): Fields => {
  const { name: named, namespace } = metadataOf(resource);
  return {
    apiVersion: resource["apiVersion"] ?? "v1",
    kind: resource["kind"] ?? "",
    metadata: { ...defined({ name: named, namespace }), labels: { patched: "yes", app: null } },
  };
};

const FIELD_SPECS: readonly Fields[] = [
  { path: "metadata/name" },
  { path: "spec/ref", kind: "Foo" },
  { path: "spec/template/spec/containers[]/name", kind: "Deployment" },
];

/** Plugins that are told which resource they are for. */
const pluginConfigs: readonly ((resource: Fields) => Fields)[] = [
  (resource) =>
    plugin("PatchTransformer", {
      patch: writeYaml(metadataPatch(resource), []),
      options: { allowNameChange: true },
    }),
  (resource) =>
    plugin("PatchStrategicMergeTransformer", { paths: [writeYaml(metadataPatch(resource), [])] }),
  (resource) =>
    plugin("PatchStrategicMergeTransformer", { patches: writeYaml(metadataPatch(resource), []) }),
  (resource) =>
    plugin("PatchJson6902Transformer", {
      target: defined({ kind: resource["kind"], name: metadataOf(resource)["name"] }),
      jsonOp: '[{"op": "add", "path": "/spec", "value": {"replicas": 1.0}}]',
    }),
  () => plugin("PrefixSuffixTransformer", { prefix: "a-", suffix: "-z", fieldSpecs: FIELD_SPECS }),
  () =>
    plugin("ValueAddTransformer", {
      value: "v",
      targets: [{ fieldPath: "metadata/annotations/v" }],
    }),
  () =>
    plugin("ValueAddTransformer", {
      targets: [{ selector: { name: "w.*" }, fieldPath: "metadata/namespace" }],
    }),
  () => plugin("HashTransformer", {}),
  () => plugin("LabelTransformer", { labels: { n: 5 }, fieldSpecs: [{ path: "metadata/labels" }] }),
  () => plugin("IAMPolicyGenerator", { cloud: "gke" }),
];

const plugins: fc.Arbitrary<ExtrasModel> = fc
  .record({
    pick: fc.nat(),
    create: fc.constantFrom(...pluginConfigs),
    place: fc.constantFrom("inline", "file", "folder"),
    field: fc.constantFrom(
      "transformers",
      "transformers",
      "transformers",
      "validators",
      "generators",
    ),
  })
  .map(({ pick, create, place, field }) => (resources): Extras => {
    const text = writeYaml(create(resources[pick % Math.max(1, resources.length)] ?? {}), []);
    if (place === "inline") return { fields: { [field]: [text] }, files: [] };
    if (place === "file") return { fields: { [field]: ["own.yaml"] }, files: [["own.yaml", text]] };
    const inner = "resources: [own.yaml]\nnamePrefix: folder-\ncommonLabels: {by: folder}\n";
    return {
      fields: { [field]: ["own"] },
      files: [
        ["own/own.yaml", text],
        ["own/kustomization.yaml", inner],
      ],
    };
  });

const SCHEMA: Fields = {
  definitions: {
    Foo: {
      "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Foo" }],
      type: "object",
      properties: {
        spec: {
          type: "object",
          properties: {
            value: {
              type: "array",
              "x-kubernetes-patch-strategy": "merge",
              "x-kubernetes-patch-merge-key": "name",
              items: { type: "object" },
            },
          },
        },
      },
    },
  },
};

const CRD: Fields = {
  "example.Foo": {
    Schema: {
      properties: {
        kind: { type: "string" },
        apiVersion: { type: "string" },
        metadata: { type: "object" },
        spec: { $ref: "example.FooSpec" },
      },
    },
  },
  "example.FooSpec": {
    Schema: {
      properties: {
        ref: {
          "x-kubernetes-object-ref-api-version": "v1",
          "x-kubernetes-object-ref-kind": "ConfigMap",
          "x-kubernetes-object-ref-name-key": "",
        },
        image: { "x-kubernetes-identity": "" },
        labels: { "x-kubernetes-label-selector": "" },
      },
    },
  },
};

const FOO: Fields = {
  apiVersion: "example.com/v1",
  kind: "Foo",
  metadata: { name: "listed" },
  spec: { value: [{ name: "a", x: 1 }, { name: "b" }], image: "nginx", ref: "web", labels: {} },
};
const FOO_PATCH: Fields = {
  ...FOO,
  spec: {
    value: [
      { name: "b", y: 2 },
      { name: "c", $patch: "delete" },
    ],
  },
};

const schemas = fc
  .record({ schema: fc.boolean(), crd: fc.boolean(), patch: fc.boolean(), prefix: maybe(name) })
  .map(
    ({ schema, crd, patch, prefix }): ExtrasModel =>
      () => ({
        fields: defined({
          resources: ["foo.yaml"],
          namePrefix: prefix,
          openapi: schema ? { path: "schema.json" } : undefined,
          crds: crd ? ["crd.json"] : undefined,
          patches: patch ? [{ patch: writeYaml(FOO_PATCH, []) }] : undefined,
        }),
        files: [
          ["foo.yaml", writeYaml(FOO, [])],
          ["schema.json", JSON.stringify(SCHEMA)],
          ["crd.json", JSON.stringify(CRD)],
        ],
      }),
  );

const metadata = fc
  .subarray(["originAnnotations", "transformerAnnotations", "managedByLabel"], { minLength: 1 })
  .map(
    (buildMetadata): ExtrasModel =>
      () => ({ fields: { buildMetadata }, files: [] }),
  );

/** Fields that few kustomizations have. */
export const rare: fc.Arbitrary<ExtrasModel> = fc.oneof(
  { arbitrary: replacements, weight: 4 },
  { arbitrary: plugins, weight: 4 },
  { arbitrary: schemas, weight: 1 },
  { arbitrary: metadata, weight: 1 },
);
