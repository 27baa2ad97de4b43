import {
  anyMap,
  type Decoded,
  embed,
  flag,
  integer,
  list,
  optional,
  optionalText,
  struct,
  text,
  textMap,
  textOfType,
} from "./decode.ts";

// The parts of a kustomization, field by field as in api/types of the real one.

const texts = list(text);

const gvk = { group: text, version: text, kind: text };

const resId = embed("ResId", { ...embed("Gvk", gvk), name: text, namespace: text });

const selectorFields = {
  ...resId,
  annotationSelector: text,
  labelSelector: text,
};

export const selector = struct("Selector", selectorFields);

export const fieldSpec = struct("FieldSpec", { ...embed("Gvk", gvk), path: text, create: flag });

export const label = struct("Label", {
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  fields: list(fieldSpec, "FieldSpec"),
});
export type Label = Decoded<typeof label>;

const patchOptions = struct("PatchArgs", { allowNameChange: flag, allowKindChange: flag });

export const patchFields = {
  path: text,
  patch: text,
  target: optional(selector),
  options: optional(patchOptions),
};
export const patch = struct("Patch", patchFields);
export type Patch = Decoded<typeof patch>;

export const image = struct("Image", {
  name: text,
  newName: text,
  tagSuffix: text,
  newTag: text,
  digest: text,
});
export type Image = Decoded<typeof image>;

const fieldOptions = struct("FieldOptions", {
  delimiter: text,
  index: integer("int"),
  encoding: text,
  create: flag,
});
export type FieldOptions = Decoded<typeof fieldOptions>;

const sourceSelector = struct("SourceSelector", {
  ...resId,
  fieldPath: text,
  options: optional(fieldOptions),
});
export type SourceSelector = Decoded<typeof sourceSelector>;

const targetSelector = struct("TargetSelector", {
  select: optional(selector),
  reject: list(selector, "[]*types.Selector"),
  fieldPaths: texts,
  options: optional(fieldOptions),
});
export type TargetSelector = Decoded<typeof targetSelector>;

const replacementFields = {
  source: optional(sourceSelector),
  targets: optional(list(targetSelector, "[]*types.TargetSelector")),
  sourceValue: optionalText,
};

export const replacement = struct("Replacement", replacementFields);
export type Replacement = Decoded<typeof replacement>;

export const replacementField = struct("ReplacementField", {
  ...embed("Replacement", replacementFields),
  path: text,
});
export type ReplacementField = Decoded<typeof replacementField>;

export const replica = struct("Replica", { name: text, count: integer("int64") });
export type Replica = Decoded<typeof replica>;

export const varSpec = struct("Var", {
  name: text,
  objref: struct("Target", {
    apiVersion: text,
    ...embed("Gvk", gvk),
    name: text,
    namespace: text,
  }),
  fieldref: struct("FieldSelector", { fieldPath: text }),
});
export type VarSpec = Decoded<typeof varSpec>;

export const sortOptions = struct("SortOptions", {
  order: textOfType("types.SortOrder"),
  legacySortOptions: optional(struct("LegacySortOptions", { orderFirst: texts, orderLast: texts })),
});
export type SortOptions = Decoded<typeof sortOptions>;

export const generatorOptions = struct("GeneratorOptions", {
  labels: textMap,
  annotations: textMap,
  disableNameSuffixHash: flag,
  immutable: flag,
});
export type GeneratorOptions = Decoded<typeof generatorOptions>;

const generatorArgs = embed("GeneratorArgs", {
  namespace: text,
  name: text,
  behavior: text,
  ...embed("KvPairSources", { literals: texts, files: texts, envs: texts, env: text }),
  options: optional(generatorOptions),
});

export const configMapFields = generatorArgs;
export const configMapArgs = struct("ConfigMapArgs", configMapFields);
export type ConfigMapArgs = Decoded<typeof configMapArgs>;

export const secretFields = { ...generatorArgs, type: text };
export const secretArgs = struct("SecretArgs", secretFields);
export type SecretArgs = Decoded<typeof secretArgs>;

export const helmGlobalFields = { chartHome: text, configHome: text };
export const helmGlobals = struct("HelmGlobals", helmGlobalFields);
export type HelmGlobals = Decoded<typeof helmGlobals>;

export const helmChartFields = {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: texts,
  valuesFile: text,
  valuesInline: anyMap,
  valuesMerge: text,
  includeCRDs: flag,
  skipHooks: flag,
  apiVersions: texts,
  kubeVersion: text,
  nameTemplate: text,
  skipTests: flag,
  debug: flag,
  devel: flag,
};

export const helmChart = struct("HelmChart", helmChartFields);
export type HelmChart = Decoded<typeof helmChart>;

/** The chart arguments of `helmChartInflationGenerator`, which `helmCharts` has replaced. */
export const helmChartArgs = struct("HelmChartArgs", {
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: anyMap,
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: texts,
});
export type HelmChartArgs = Decoded<typeof helmChartArgs>;
