import fc from "fast-check";
import { type Extras, type ExtrasModel, plugin } from "./extra-model.ts";
import { type Fields, metadataOf } from "./patches.ts";
import { rare } from "./rare.ts";
import { defined, name } from "./resources.ts";
import { type Value, writeYaml } from "./yaml-text.ts";

const NONE: Extras = { fields: {}, files: [] };

/** Built-in plugins, as files of their own name them. */
const PLUGINS: readonly (readonly [string, Fields])[] = [
  [
    "transformers",
    plugin("PrefixTransformer", { prefix: "t-", fieldSpecs: [{ path: "metadata/name" }] }),
  ],
  [
    "transformers",
    plugin("SuffixTransformer", {
      suffix: "-t",
      fieldSpecs: [{ kind: "Deployment", path: "metadata/name" }],
    }),
  ],
  [
    "transformers",
    plugin("LabelTransformer", {
      labels: { by: "t" },
      fieldSpecs: [
        { path: "metadata/labels", create: true },
        { path: "spec/selector/matchLabels", create: true, kind: "Deployment" },
      ],
    }),
  ],
  [
    "transformers",
    plugin("AnnotationsTransformer", {
      annotations: { by: "t" },
      fieldSpecs: [{ path: "metadata/annotations", create: true }],
    }),
  ],
  [
    "transformers",
    {
      ...plugin("NamespaceTransformer", { setRoleBindingSubjects: "allServiceAccounts" }),
      metadata: { name: "ns", namespace: "moved" },
    },
  ],
  [
    "transformers",
    {
      ...plugin("NamespaceTransformer", { unsetOnly: true }),
      metadata: { name: "ns", namespace: "moved" },
    },
  ],
  ["transformers", plugin("ImageTagTransformer", { imageTag: { name: "nginx", newTag: "t" } })],
  [
    "transformers",
    plugin("ReplicaCountTransformer", {
      replica: { name: "web", count: 7 },
      fieldSpecs: [{ path: "spec/replicas", create: true, kind: "Deployment" }],
    }),
  ],
  [
    "transformers",
    plugin("PatchTransformer", {
      patch: '[{"op": "add", "path": "/t", "value": 1}]',
      target: { kind: "Service" },
    }),
  ],
  [
    "generators",
    plugin("ConfigMapGenerator", { literals: ["a=1"], options: { disableNameSuffixHash: true } }),
  ],
  ["generators", plugin("SecretGenerator", { literals: ["a=1"] })],
];

const plugins = fc
  .tuple(fc.constantFrom(...PLUGINS), fc.boolean(), fc.array(fc.nat(1000), { maxLength: 6 }))
  .map(
    ([[field, value], inline, style]): ExtrasModel =>
      () =>
        inline
          ? { fields: { [field]: [writeYaml(value, style)] }, files: [] }
          : {
              fields: { [field]: ["plugin.yaml"] },
              files: [["plugin.yaml", writeYaml(value, style)]],
            },
  );

const oldPatches = fc.tuple(fc.nat(), fc.boolean()).map(
  ([pick, json]): ExtrasModel =>
    (resources) => {
      const resource = resources[pick % Math.max(1, resources.length)];
      if (resource === undefined) {
        return NONE;
      }
      const { name: named, namespace } = metadataOf(resource);
      const apiVersion = String(resource["apiVersion"]);
      const [group = "", version = apiVersion] = apiVersion.includes("/")
        ? apiVersion.split("/")
        : [];
      const id = defined({ name: named, namespace });
      if (json) {
        const target = defined({
          group: group || undefined,
          version,
          kind: resource["kind"],
          ...id,
        });
        const patch = writeYaml([{ op: "add", path: "/old", value: "x" }], []);
        return { fields: { patchesJson6902: [{ target, patch }] }, files: [] };
      }
      const patch = {
        apiVersion,
        kind: resource["kind"] ?? "",
        metadata: { ...id, labels: { old: "merge" } },
      };
      return {
        fields: { patchesStrategicMerge: ["old.yaml"] },
        files: [["old.yaml", writeYaml(patch, [])]],
      };
    },
);

const configuration: Fields = {
  namePrefix: [{ path: "spec/ref", kind: "Foo" }],
  nameReference: [{ kind: "ConfigMap", fieldSpecs: [{ path: "spec/ref", kind: "Foo" }] }],
  commonLabels: [{ path: "spec/labels", create: true, kind: "Foo" }],
  images: [{ path: "spec/image", kind: "Foo" }],
  replicas: [{ path: "spec/count", kind: "Foo", create: true }],
  varReference: [{ path: "metadata/annotations" }],
};

const several: readonly Fields[] = [
  {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "listed" } },
      { apiVersion: "v1", kind: "Service", metadata: { name: "listed" } },
    ],
  },
  {
    apiVersion: "v1",
    kind: "ConfigMapList",
    items: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "listed" } }],
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "local", annotations: { "config.kubernetes.io/local-config": "true" } },
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "some-" } },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "hashed", annotations: { "kustomize.config.k8s.io/needs-hash": "true" } },
    data: { a: "1" },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "gen", annotations: { "kustomize.config.k8s.io/behavior": "merge" } },
    data: { m: "1" },
  },
];

const constants: readonly Extras[] = [
  {
    fields: { configurations: ["config.yaml"] },
    files: [["config.yaml", writeYaml(configuration, [])]],
  },
  { fields: { imageTags: [{ name: "nginx", newTag: "old" }] }, files: [] },
  { fields: { metadata: { name: "named", annotations: { a: "b" } } }, files: [] },
  { fields: { crds: ["crd.json"] }, files: [["crd.json", "{}"]] },
  { fields: { openapi: { version: "v1.21.2" } }, files: [] },
  { fields: { validators: [] }, files: [] },
];

/** Fields that are seldom written; most often none. Older versions do not render all that is rare. */
export function createExtras(hasRare: boolean): fc.Arbitrary<ExtrasModel> {
  return fc.oneof(
    { arbitrary: fc.constant<ExtrasModel>(() => NONE), weight: 4 },
    { arbitrary: plugins, weight: 3 },
    ...(hasRare ? [{ arbitrary: rare, weight: 4 }] : []),
    { arbitrary: oldPatches, weight: 2 },
    {
      arbitrary: fc.constantFrom(...constants).map(
        (found): ExtrasModel =>
          () =>
            found,
      ),
      weight: 2,
    },
  );
}

/** Resources that are not simply one resource; most often none. */
export const oddResources: fc.Arbitrary<readonly Value[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 5 },
  { arbitrary: fc.constantFrom(...several).map((value) => [value]), weight: 2 },
  {
    arbitrary: name.map((named): Value[] => [
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: named },
        spec: { containers: [{ name: "main", image: "nginx" }] },
      },
    ]),
    weight: 1,
  },
);
