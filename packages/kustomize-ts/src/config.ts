import { withContext } from "./errors.ts";
import {
  type FieldSpec,
  mergeFieldSpecs,
  type NameReference,
  parseFieldSpecs,
  parseNameReferences,
  sortByGvk,
} from "./field-spec.ts";
import { isSameGvk } from "./res-id.ts";
import {
  COMMON_ANNOTATIONS,
  COMMON_LABELS,
  IMAGES,
  NAME_PREFIX,
  NAME_SUFFIX,
  NAMESPACE,
  REPLICAS,
  TEMPLATE_LABELS,
} from "./schema/field-specs.ts";
import { NAME_REFERENCES } from "./schema/name-references.ts";
import { VAR_REFERENCE } from "./schema/var-references.ts";

/** Where the transformers of a kustomization write. */
export interface TransformerConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

/** What `configurations` and `crds` add to; the tables are read when the first build asks. */
let defaults: TransformerConfig | undefined;

/** The fields that transformers change when no `configurations` say otherwise. */
export function defaultConfig(): TransformerConfig {
  defaults ??= {
    namePrefix: parseFieldSpecs(NAME_PREFIX),
    nameSuffix: parseFieldSpecs(NAME_SUFFIX),
    namespace: parseFieldSpecs(NAMESPACE),
    commonLabels: parseFieldSpecs(COMMON_LABELS),
    labels: [],
    templateLabels: parseFieldSpecs(TEMPLATE_LABELS),
    commonAnnotations: parseFieldSpecs(COMMON_ANNOTATIONS),
    nameReference: parseNameReferences(NAME_REFERENCES),
    varReference: parseFieldSpecs(VAR_REFERENCE),
    images: parseFieldSpecs(IMAGES),
    replicas: parseFieldSpecs(REPLICAS),
  };
  return defaults;
}

export const emptyConfig: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

const SPEC_FIELDS = [
  ["namePrefix", "NamePrefix"],
  ["nameSuffix", "NameSuffix"],
  ["namespace", "NameSpace"],
  ["commonAnnotations", "CommonAnnotations"],
  ["commonLabels", "CommonLabels"],
  ["labels", "Labels"],
  ["templateLabels", "TemplateLabels"],
  ["varReference", "VarReference"],
  ["images", "Images"],
  ["replicas", "Replicas"],
] as const;

/** Two configurations as one; refuses a field that one makes and the other does not. */
export function mergeConfigs(base: TransformerConfig, more: TransformerConfig): TransformerConfig {
  // Most folders use the defaults as they are. Anything else is merged even into nothing: a
  // specification for all kinds goes when one for some kind comes before it.
  if (base === more || more === emptyConfig) return base;
  if (base === emptyConfig && more === defaults) return more;
  const merged = { ...base };
  for (const [field, name] of SPEC_FIELDS) {
    merged[field] = withContext(`failed to merge ${name} fieldSpec`, () =>
      sortByGvk(mergeFieldSpecs(base[field], more[field])),
    );
  }
  merged.nameReference = withContext("failed to merge NameReference fieldSpec", () =>
    sortByGvk(mergeReferences(base.nameReference, more.nameReference)),
  );
  return merged;
}

function mergeReferences(
  base: readonly NameReference[],
  more: readonly NameReference[],
): NameReference[] {
  const merged = [...base];
  for (const reference of more) {
    const at = merged.findIndex((known) => isSameGvk(known, reference));
    const known = merged[at];
    if (known === undefined) {
      merged.push(reference);
    } else {
      const fieldSpecs = mergeFieldSpecs(known.fieldSpecs, reference.fieldSpecs);
      merged[at] = { ...known, fieldSpecs };
    }
  }
  return merged;
}
