import fc from "fast-check";
import { awkwardScalar } from "./awkward.ts";
import { type Fields, metadataOf, patch } from "./patches.ts";
import { defined, name } from "./resources.ts";
import type { Value } from "./yaml-text.ts";

/** What a kustomization asks for, before it is known which resources it has. */
export type LayerModel = (resources: readonly Fields[]) => Fields;

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

const literal = fc
  .tuple(fc.constantFrom("a", "b", "c.d", "E_F"), awkwardScalar)
  .map(
    ([key, value]) =>
      `${key}=${typeof value === "string" && !/\p{Cc}/u.test(value.replaceAll(/[\n\t]/g, "")) ? value : "1"}`,
  );

/** A generator entry: a base makes "gen", what lies on it changes that or makes another. */
function generated(isUpper: boolean): fc.Arbitrary<Fields> {
  const own = fc.record({
    name: fc.oneof(
      { arbitrary: fc.constant(isUpper ? "top" : "gen"), weight: 9 },
      { arbitrary: name, weight: 1 },
    ),
    behavior: maybe(fc.constantFrom("create"), 1),
  });
  const lower = fc.record({
    name: fc.constant("gen"),
    behavior: maybe(fc.constantFrom("merge", "replace"), 9),
  });
  return fc
    .tuple(isUpper ? fc.oneof(own, lower) : own, sources)
    .map(([head, rest]) => defined({ ...head, ...rest }));
}

const sources = fc.record({
  namespace: maybe(fc.constantFrom("one", "two"), 1),
  literals: fc.uniqueArray(literal, { maxLength: 3, selector: (text) => text.split("=")[0] }),
  files: maybe(fc.constantFrom<Value>(["file.txt"], ["key=file.txt"], ["bin.dat"]), 1),
  envs: maybe(fc.constant<Value>(["vars.env"]), 1),
  options: maybe(
    fc.constantFrom<Value>(
      { disableNameSuffixHash: true },
      { labels: { gen: "yes" }, annotations: { g: "1" } },
      { immutable: true },
    ),
    1,
  ),
});

function generatedList(isUpper: boolean): fc.Arbitrary<Fields[]> {
  return fc.uniqueArray(generated(isUpper), {
    minLength: 1,
    maxLength: 2,
    selector: (entry) => entry["name"],
  });
}

const images = fc.array(
  fc
    .record({
      name: fc.constantFrom("nginx", "host:5000/app", "app", "redis", "patched"),
      newName: maybe(fc.constantFrom("mirror/nginx", "x:5000/y")),
      newTag: maybe(fc.constantFrom("v2", "1.0", "yes")),
      digest: maybe(fc.constant("sha256:ffff"), 1),
      tagSuffix: maybe(fc.constant("-dbg"), 1),
    })
    .map(defined),
  { minLength: 1, maxLength: 2 },
);

const labelEntries = fc.array(
  fc
    .record({
      pairs: fc.constantFrom<Fields>({ team: "x" }, { app: "over" }, { n: "1", "a/b": "true" }),
      includeSelectors: maybe(fc.boolean()),
      includeTemplates: maybe(fc.boolean()),
      fields: maybe(
        fc.constant<Value>([{ path: "spec/extra/labels", create: true, kind: "Foo" }]),
        1,
      ),
    })
    .map(defined),
  { minLength: 1, maxLength: 2 },
);

const replacementTarget = fc.constantFrom<Fields>(
  {
    select: { kind: "Deployment" },
    fieldPaths: ["metadata.annotations.from"],
    options: { create: true },
  },
  {
    select: { kind: "Deployment" },
    fieldPaths: ["spec.template.spec.containers.*.image"],
    options: { delimiter: ":", index: 1 },
  },
  {
    select: { kind: "Deployment" },
    fieldPaths: ["spec.template.spec.containers.[name=main].image", "metadata.labels.app"],
  },
  {
    select: { name: "web" },
    reject: [{ kind: "Service" }],
    fieldPaths: ["metadata.labels.[a.b/c]"],
    options: { create: true },
  },
  { select: { kind: "Foo" }, fieldPaths: ["spec.ref", "spec.new.deep"], options: { create: true } },
  { select: { kind: "Service" }, fieldPaths: ["spec.ports.0.port"] },
  { select: { kind: "ConfigMap" }, fieldPaths: ["data.b"], options: { delimiter: "a", index: -1 } },
);

const replacement = fc
  .record({
    pick: fc.nat(),
    field: fc.constantFrom(
      "metadata.name",
      "metadata.name",
      "kind",
      "metadata.namespace",
      "spec.replicas",
    ),
    options: maybe(fc.constantFrom<Fields>({ delimiter: "e" }, { delimiter: "-", index: 0 }), 1),
    targets: fc.array(replacementTarget, { minLength: 1, maxLength: 2 }),
  })
  .map(({ pick, field, options, targets }) => (resources: readonly Fields[]): Fields[] => {
    const resource = resources[pick % Math.max(1, resources.length)];
    return resource === undefined
      ? []
      : [
          {
            source: {
              kind: resource["kind"] ?? "",
              ...pickName(resource),
              fieldPath: field,
              ...defined({ options }),
            },
            targets,
          },
        ];
  });

const variable = fc.nat().map((pick) => (resources: readonly Fields[]): Fields[] => {
  const resource = resources[pick % Math.max(1, resources.length)];
  return resource === undefined
    ? []
    : [
        {
          name: "V",
          objref: {
            apiVersion: resource["apiVersion"] ?? "",
            kind: resource["kind"] ?? "",
            ...pickName(resource),
          },
        },
      ];
});

function pickName(resource: Fields): Fields {
  const { name: named, namespace } = metadataOf(resource);
  return defined({ name: named, namespace });
}

const picked = fc
  .tuple(fc.nat(), patch)
  .map(([pick, model]) => (resources: readonly Fields[]): Fields[] => {
    const resource = resources[pick % Math.max(1, resources.length)];
    return resource === undefined ? [] : [model(resource)];
  });

type Picker = (resources: readonly Fields[]) => readonly Fields[];

function pickAll(
  pickers: readonly Picker[] | undefined,
  resources: readonly Fields[],
): readonly Fields[] | undefined {
  const all = (pickers ?? []).flatMap((picker) => picker(resources));
  return all.length === 0 ? undefined : all;
}

const fixed = (isUpper: boolean) =>
  fc.record({
    namespace: maybe(fc.constantFrom("one", "prod", "default")),
    namePrefix: maybe(fc.constantFrom("p-", "dev-")),
    nameSuffix: maybe(fc.constantFrom("-s", "-v2")),
    commonLabels: maybe(fc.constantFrom<Fields>({ common: "x" }, { app: "all" }), 1),
    labels: maybe(labelEntries, 1),
    commonAnnotations: maybe(fc.constantFrom<Fields>({ note: "common" }, { "a/b": "1" }), 1),
    images: maybe(images),
    replicas: maybe(
      fc.array(fc.record({ name, count: fc.nat(9) }), { minLength: 1, maxLength: 2 }),
      1,
    ),
    configMapGenerator: maybe(generatedList(isUpper)),
    secretGenerator: maybe(generatedList(isUpper), 1),
    generatorOptions: maybe(
      fc.constantFrom<Fields>(
        { disableNameSuffixHash: true },
        { labels: { all: "gen" } },
        { immutable: true, annotations: { z: "z" } },
      ),
      1,
    ),
    buildMetadata: maybe(
      fc.constantFrom<Value>(
        ["originAnnotations"],
        ["transformerAnnotations"],
        ["originAnnotations", "transformerAnnotations"],
      ),
      1,
    ),
    sortOptions: maybe(
      fc.constantFrom<Value>(
        { order: "legacy" },
        { order: "fifo" },
        {
          order: "legacy",
          legacySortOptions: { orderFirst: ["Service"], orderLast: ["Namespace"] },
        },
      ),
      1,
    ),
  });

/** The fields of one kustomization, which others may lie below (`isUpper`). */
export const layer = (isUpper: boolean): fc.Arbitrary<LayerModel> =>
  fc
    .record({
      fixed: fixed(isUpper),
      patches: maybe(fc.array(picked, { minLength: 1, maxLength: 2 })),
      replacements: maybe(fc.array(replacement, { minLength: 1, maxLength: 2 }), 1),
      vars: maybe(fc.tuple(variable), 1),
    })
    .map(
      ({ fixed: fields, ...pickers }) =>
        (resources) =>
          defined({
            ...fields,
            patches: pickAll(pickers.patches, resources),
            replacements: pickAll(pickers.replacements, resources),
            vars: pickAll(pickers.vars, resources),
          }),
    );
