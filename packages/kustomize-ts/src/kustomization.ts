import {
  type Decoded,
  decodeDocument,
  embed,
  list,
  optional,
  struct,
  text,
  textMap,
  textOfType,
} from "./decode.ts";
import { decodeYaml, readYaml } from "./decode-yaml.ts";
import { BuildError, withContext } from "./errors.ts";
import {
  configMapArgs,
  fieldSpec,
  generatorOptions,
  helmChart,
  helmChartArgs,
  helmGlobals,
  image,
  label,
  patch,
  replacementField,
  replica,
  secretArgs,
  sortOptions,
  varSpec,
} from "./kustomization-parts.ts";
import { entriesOf, isNull, type YamlNode } from "./yaml/node.ts";
import { parseOldYaml } from "./yaml/parse-old.ts";

/** The names under which a kustomization is found, in this order. */
export const KUSTOMIZATION_FILE_NAMES = [
  "kustomization.yaml",
  "kustomization.yml",
  "Kustomization",
] as const;

const API_VERSIONS: Readonly<Record<string, string>> = {
  Kustomization: "kustomize.config.k8s.io/v1beta1",
  Component: "kustomize.config.k8s.io/v1alpha1",
};

const texts = list(text);

const objectMeta = struct("ObjectMeta", {
  name: text,
  namespace: text,
  labels: textMap,
  annotations: textMap,
});

const fields = {
  ...embed("TypeMeta", { kind: text, apiVersion: text }),
  metadata: optional(objectMeta),
  openapi: textMap,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: textMap,
  labels: list(label, "Label"),
  commonAnnotations: textMap,
  patchesStrategicMerge: list(textOfType("types.PatchStrategicMerge"), "PatchStrategicMerge"),
  patchesJson6902: list(patch, "Patch"),
  patches: list(patch, "Patch"),
  images: list(image, "Image"),
  imageTags: list(image, "Image"),
  replacements: list(replacementField, "ReplacementField"),
  replicas: list(replica, "Replica"),
  vars: list(varSpec, "Var"),
  sortOptions: optional(sortOptions),
  resources: texts,
  components: texts,
  crds: texts,
  bases: texts,
  configMapGenerator: list(configMapArgs, "ConfigMapArgs"),
  secretGenerator: list(secretArgs, "SecretArgs"),
  helmGlobals: optional(helmGlobals),
  helmCharts: list(helmChart, "HelmChart"),
  helmChartInflationGenerator: list(helmChartArgs, "HelmChartArgs"),
  generatorOptions: optional(generatorOptions),
  configurations: texts,
  generators: texts,
  transformers: texts,
  validators: texts,
  buildMetadata: texts,
};

const kustomization = struct("Kustomization", fields);

/** A kustomization or a component, as it is written. */
export type Kustomization = Decoded<typeof kustomization> & {
  /** What is used although it will go, in the words of the real one. */
  readonly warnings: readonly string[];
};

const DEPRECATED: readonly [field: keyof typeof fields, instead: string, experimental?: true][] = [
  ["bases", "resources"],
  ["commonLabels", "labels"],
  ["imageTags", "images"],
  ["patchesJson6902", "patches"],
  ["patchesStrategicMerge", "patches"],
  ["vars", "replacements", true],
];

/**
 * Reads a kustomization: strictly, so that a field it does not have is an error, but with the
 * field names of any case, and with the fields of old versions moved to where they are now.
 */
export function parseKustomization(
  content: string,
  { file, directory }: { file: string; directory: string },
): Kustomization {
  const root = withContext("invalid Kustomization", () => parseOldYaml(content, { file }), file);
  const decoded = withContext("invalid Kustomization", () =>
    decodeDocument(root, kustomization, { file, strict: true, coerce: false }),
  );
  if (isEmptyKustomization(root)) {
    throw new BuildError("EMPTY_KUSTOMIZATION", "kustomization.yaml is empty", { file });
  }
  const kind = decoded.kind === "" ? "Kustomization" : decoded.kind;
  requireKind(kind, decoded.apiVersion, { file, directory });
  const present = new Set(root === undefined ? [] : presentFields(root));
  return {
    ...decoded,
    kind,
    resources: [...decoded.resources, ...decoded.bases],
    images: [...decoded.images, ...decoded.imageTags],
    configMapGenerator: decoded.configMapGenerator.map(moveEnv),
    secretGenerator: decoded.secretGenerator.map(moveEnv),
    warnings: DEPRECATED.filter(([field]) => present.has(field.toLowerCase())).map(formatWarning),
  };
}

function presentFields(root: YamlNode): string[] {
  return [...entriesOf(root)]
    .filter(([, value]) => !isNull(value))
    .map(([key]) => key.value.toLowerCase());
}

/** What says only which kind of file it is says nothing. */
function isEmptyKustomization(root: YamlNode | undefined): boolean {
  if (root === undefined || root.kind !== "map") return true;
  const last = new Map([...entriesOf(root)].map(([{ value: key }, value]) => [key, value]));
  return [...last].every(
    ([key, value]) =>
      isNull(value) ||
      (value.kind === "scalar" && value.value === "") ||
      ["apiversion", "kind"].includes(key.toLowerCase()),
  );
}

function requireKind(
  kind: string,
  apiVersion: string,
  { file, directory }: { file: string; directory: string },
): void {
  const wanted = API_VERSIONS[kind === "Component" ? kind : "Kustomization"] ?? "";
  const problems: string[] = [];
  if (!Object.hasOwn(API_VERSIONS, kind))
    problems.push("kind should be Kustomization or Component");
  if (apiVersion !== "" && apiVersion !== wanted) {
    problems.push(`apiVersion for ${kind} should be ${wanted}`);
  }
  if (problems.length === 0) return;
  const message = `Failed to read kustomization file under ${directory}:\n${problems.join("\n")}`;
  throw new BuildError("WRONG_KIND", message, { file, field: "kind" });
}

/** `env` is the old name of a list with one `envs`. */
function moveEnv<Args extends { readonly env: string; readonly envs: readonly string[] }>(
  args: Args,
): Args {
  return args.env === "" ? args : { ...args, envs: [...args.envs, args.env], env: "" };
}

function formatWarning([field, instead, experimental]: (typeof DEPRECATED)[number]): string {
  const fix = "Run 'kustomize edit fix' to update your Kustomization automatically.";
  return (
    `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ` +
    `${experimental ? "[EXPERIMENTAL] " : ""}${fix}`
  );
}

const specs = list(fieldSpec, "types.FsSlice");

const nameReference = struct("builtinconfig.NameBackReferences", {
  ...embed("Gvk", { group: text, version: text, kind: text }),
  fieldSpecs: specs,
});

const transformerConfig = struct("builtinconfig.TransformerConfig", {
  namePrefix: specs,
  nameSuffix: specs,
  namespace: specs,
  commonLabels: specs,
  labels: specs,
  templateLabels: specs,
  commonAnnotations: specs,
  nameReference: list(nameReference, "builtinconfig.nbrSlice"),
  varReference: specs,
  images: specs,
  replicas: specs,
});

/** Where the transformers write: a file named in `configurations`. */
export type TransformerConfigFile = Decoded<typeof transformerConfig>;

/** A file of `configurations`; an unknown field is an error. */
export function parseTransformerConfig(content: string, file: string): TransformerConfigFile {
  const root = readYaml(content, { file, uniqueKeys: true });
  return decodeYaml(root, transformerConfig, { file, strict: true, coerce: true });
}
