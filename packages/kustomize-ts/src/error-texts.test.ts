import { expect, test } from "bun:test";
import { build } from "./build.ts";
import { createMemoryFileSystem } from "./file-system.ts";

const LAMP = "apiVersion: v1\nkind: Service\nmetadata:\n  name: lamp\n";

function prefixer(prefix: string): string {
  return `apiVersion: builtin
kind: PrefixTransformer
metadata:
  name: twin
prefix: ${prefix}
fieldSpecs:
- path: metadata/name
`;
}

function inline(field: string, text: string): string {
  return `${field}:\n- |\n  ${text.trim().replaceAll("\n", "\n  ")}\n`;
}

/** Files beside `lamp.yaml`, and what kustomize 5.8.1 says of them. */
const TEXTS: readonly (readonly [string, Record<string, string>, string])[] = [
  [
    "keys that stand twice, by the lines of what it prints",
    {
      kustomization: "resources: [more.yaml]",
      more: `${LAMP}spec: {b: {x: 1, x: 2, [y]: 3}, a: [{z: 1, y: 2, z: 3, y: 4}]}\nwick:\n\n  ~: 1\n`,
    },
    'map[string]interface {}(nil): yaml: unmarshal errors:\n  line 5: mapping key "x" already defined at line 5\n  line 5: mapping key "z" already defined at line 5\n  line 5: mapping key "y" already defined at line 5\n  line 8: mapping key "~" already defined at line 7',
  ],
  [
    "a merge of what is no map",
    { kustomization: "resources: [more.yaml]", more: `${LAMP}oil: &o [1]\nspec: {<<: *o}\n` },
    "accumulating resources from 'more.yaml': invalid map merge: received alias for a non-map value",
  ],
  [
    "a resource twice",
    { kustomization: "resources: [lamp.yaml, lamp.yaml]" },
    "merging resources from 'lamp.yaml': may not add resource with an already registered id: Service.v1.[noGrp]/lamp.[noNs]",
  ],
  [
    "a var of nothing",
    {
      kustomization:
        "resources: [lamp.yaml]\nvars: [{name: OIL, objref: {apiVersion: v1, kind: Service, name: jar}}]",
    },
    "var '{OIL Service.v1.[noGrp] {metadata.name}}' cannot be mapped to a field in the set of known resources",
  ],
  [
    "a var of a field that is not there",
    {
      kustomization:
        "resources: [lamp.yaml]\nvars: [{name: OIL, objref: {apiVersion: v1, kind: Service, name: lamp}, fieldref: {fieldPath: spec.oil}}]",
    },
    "field specified in var '{OIL Service.v1.[noGrp] {spec.oil}}' not found in corresponding resource",
  ],
  [
    "the first by name of two unknown fields",
    { kustomization: "wicks: [one]\nburners: [two]" },
    'invalid Kustomization: json: unknown field "burners"',
  ],
  [
    "an unknown field of a configuration",
    { kustomization: "namePrefix: x\nconfigurations: [more.yaml]", more: "wicks: []" },
    'error unmarshaling JSON: while decoding JSON: json: unknown field "wicks"',
  ],
  [
    "a patch that is not there",
    { kustomization: "resources: [lamp.yaml]\npatches: [{path: no.yaml}]" },
    "trouble configuring builtin PatchTransformer with config: `\npath: no.yaml\n`: failed to get the patch file from path(no.yaml): ",
  ],
  [
    "a patch of nothing",
    { kustomization: "resources: [lamp.yaml]\npatches: [{target: {kind: Service}}]" },
    "must specify one of patch and path in\ntarget:\n  kind: Service\n",
  ],
  [
    "a merge that is not there",
    { kustomization: "resources: [lamp.yaml]\npatchesStrategicMerge: [no.yaml]" },
    "trouble configuring builtin PatchStrategicMergeTransformer with config: `\npaths:\n- no.yaml\n`: ",
  ],
  [
    "operations that are not there",
    {
      kustomization:
        "resources: [lamp.yaml]\npatchesJson6902: [{target: {version: v1, kind: Service, name: lamp}, path: no.yaml}]",
    },
    "trouble configuring builtin PatchJson6902Transformer with config: `\npath: no.yaml\ntarget:\n  kind: Service\n  name: lamp\n  version: v1\n`: ",
  ],
  [
    "replacements that are not there",
    { kustomization: "resources: [lamp.yaml]\nreplacements: [{path: no.yaml}]" },
    "trouble configuring builtin ReplacementTransformer with config: `\nReplacements:\n- path: no.yaml\n`: ",
  ],
  [
    "a list where labels belong",
    {
      kustomization: "resources: [more.yaml]\ncommonLabels: {a: b}",
      more: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: lamp\nspec:\n  template: [wick]\n",
    },
    "of object Deployment.v1.apps/lamp.[noNs]: visit traversal on path: [",
  ],
  [
    "two transformers of one id",
    {
      kustomization: `resources: [lamp.yaml]\n${inline("transformers", prefixer("a-"))}${inline("", prefixer("b-")).slice(2)}`,
    },
    "configuring external transformer: may not add resource with an already registered id: PrefixTransformer.builtin.[noGrp]/twin.[noNs]",
  ],
  [
    "a transformer in a file and one of its id beside it",
    {
      kustomization: `resources: [lamp.yaml]\n${inline("transformers", prefixer("a-"))}- more.yaml\n`,
      more: prefixer("b-"),
    },
    "merging resources from 'more.yaml': may not add resource with an already registered id: PrefixTransformer.builtin.[noGrp]/twin.[noNs]",
  ],
  [
    "a transformer as a generator",
    { kustomization: "generators: [more.yaml]", more: prefixer("a-") },
    "loading generator plugins: failed to load generator: plugin PrefixTransformer.builtin.[noGrp]/twin.[noNs] not a generator",
  ],
];

test.each(TEXTS)("build() says of %s what the real one says", (_, files, text) => {
  const all = { lamp: LAMP, ...files };
  const entries = Object.entries(all).map(([name, content]) => [`/app/${name}.yaml`, content]);
  const fs = createMemoryFileSystem(
    new Map(entries.map(([path = "", content = ""]) => [path, content])),
  );
  expect(() => build("/app", { fs })).toThrow(text);
});
