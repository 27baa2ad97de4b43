import {
  applyMergePatches,
  createJsonPatch,
  readMergePatches,
  readReplacements,
} from "./built-in-transformers.ts";
import {
  type Decoded,
  embed,
  flag,
  list,
  optional,
  struct,
  text,
  textMap,
  textOfType,
} from "./decode.ts";
import { BuildError } from "./errors.ts";
import { generateConfigMap, generateSecret } from "./generate/config-map.ts";
import { prepareChart } from "./generate/helm-chart.ts";
import { generateIamPolicy } from "./generate/iam-policy.ts";
import { addNameHashes } from "./generate/name-hash.ts";
import {
  configMapFields,
  fieldSpec,
  helmChartFields,
  helmGlobalFields,
  image,
  patchFields,
  replacementField,
  replica,
  secretFields,
  selector,
} from "./kustomization-parts.ts";
import { type Loader, loadBytes, loadText } from "./load.ts";
import { applyPatch, readPatch } from "./patch/apply-patches.ts";
import {
  type CreatePlugin,
  decodePlugin,
  decodeYamlPlugin,
  generator,
  type Plugin,
  transformer,
} from "./plugin.ts";
import { readResources } from "./read-resources.ts";
import { formatGvk } from "./res-id.ts";
import { gvkOf, kindOf, type Resource } from "./resource.ts";
import { setImages } from "./transform/images.ts";
import { addEntries } from "./transform/labels.ts";
import { addNamePrefix, addNameSuffix } from "./transform/name-prefix.ts";
import { type SubjectMode, setNamespaces } from "./transform/namespace.ts";
import { applyReplacements } from "./transform/replacements.ts";
import { setReplicas } from "./transform/replicas.ts";
import { valueAddPlugin } from "./value-add-plugin.ts";
import { emitDocument } from "./yaml/emit.ts";

/** What makes the plugins of a kind; the API version of the configuration is `builtin`. */
export function findPlugin(config: Resource): CreatePlugin {
  const kind = kindOf(config);
  const create = Object.hasOwn(PLUGINS, kind) ? PLUGINS[kind] : undefined;
  if (create !== undefined) return create;
  throw new BuildError("INVALID_CONFIG", `unable to load builtin ${formatGvk(gvkOf(config))}`);
}

const specs = list(fieldSpec, "FieldSpec");
const metadata = struct("ObjectMeta", {
  name: text,
  namespace: text,
  labels: textMap,
  annotations: textMap,
});

const affixSpecs = optional(list(fieldSpec, "types.FsSlice"));
const prefixConfig = struct("builtins.PrefixTransformerPlugin", {
  prefix: text,
  suffix: text,
  fieldSpecs: affixSpecs,
});
const suffixConfig = struct("builtins.SuffixTransformerPlugin", {
  suffix: text,
  fieldSpecs: affixSpecs,
});

function requireSpecs({ fieldSpecs }: Pick<Decoded<typeof prefixConfig>, "fieldSpecs">) {
  if (fieldSpecs !== undefined) return fieldSpecs;
  throw new BuildError("INVALID_CONFIG", "fieldSpecs is not expected to be nil");
}

const SUBJECT_MODES = ["defaultOnly", "none", "allServiceAccounts"] as const;

function parseSubjects(mode: string): SubjectMode {
  if (mode === "") return "defaultOnly";
  const known = SUBJECT_MODES.find((candidate) => candidate === mode);
  if (known !== undefined) return known;
  throw new BuildError(
    "INVALID_CONFIG",
    `invalid value "${mode}" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
  );
}

const mergePatchFields = struct("builtins.PatchStrategicMergeTransformerPlugin", {
  paths: list(textOfType("types.PatchStrategicMerge"), "PatchStrategicMerge"),
  patches: text,
});

function mergePatches(
  { paths, patches }: Decoded<typeof mergePatchFields>,
  loader: Loader,
): Plugin {
  const refuse = (message: string) => new BuildError("INVALID_PATCH", message);
  if (paths.length === 0 && patches === "") throw refuse("empty file path and empty patch content");
  const read = [
    ...paths.flatMap((path) => readMergePatches(path, loader)),
    ...(patches === "" ? [] : readResources(patches, "")),
  ];
  if (read.length === 0) {
    throw refuse(`patch appears to be empty; files=[${paths.join(" ")}], Patch=${patches}`);
  }
  return transformer((map) => applyMergePatches(map, read));
}

function named<Args extends { readonly name: string; readonly namespace: string }>(
  args: Args & { readonly metadata: { readonly name: string; readonly namespace: string } },
): Args {
  const { metadata: meta } = args;
  return { ...args, name: args.name || meta.name, namespace: args.namespace || meta.namespace };
}

const PLUGINS: Readonly<Record<string, CreatePlugin>> = {
  ConfigMapGenerator: decodePlugin(
    struct("builtins.ConfigMapGeneratorPlugin", {
      ...embed("ConfigMapArgs", configMapFields),
      metadata,
    }),
    (config, { target: { loader } }) =>
      generator(() => [generateConfigMap(named(config), (path) => loadBytes(loader, path))]),
  ),
  SecretGenerator: decodePlugin(
    struct("builtins.SecretGeneratorPlugin", { ...embed("SecretArgs", secretFields), metadata }),
    (config, { target: { loader } }) =>
      generator(() => [generateSecret(named(config), (path) => loadBytes(loader, path))]),
  ),
  HelmChartInflationGenerator: decodePlugin(
    struct("builtins.HelmChartInflationGeneratorPlugin", {
      ...embed("HelmChart", helmChartFields),
      ...embed("HelmGlobals", helmGlobalFields),
    }),
    (chart, { target: { loader, context } }) =>
      generator(prepareChart({ chart, globals: chart, loader, context })),
  ),
  IAMPolicyGenerator: decodePlugin(
    struct(
      "builtins.IAMPolicyGeneratorPlugin",
      embed("IAMPolicyGeneratorArgs", {
        cloud: text,
        kubernetesService: struct("KubernetesService", { name: text, namespace: text }),
        serviceAccount: struct("ServiceAccount", { name: text, projectId: text }),
      }),
    ),
    (config) => generator(() => generateIamPolicy(config)),
  ),
  AnnotationsTransformer: decodePlugin(
    struct("builtins.AnnotationsTransformerPlugin", { annotations: textMap, fieldSpecs: specs }),
    ({ annotations: entries, fieldSpecs }) =>
      transformer(({ list: all }) => addEntries(all, { entries, fieldSpecs })),
  ),
  HashTransformer: () => transformer(({ list: all }) => addNameHashes(all)),
  ImageTagTransformer: decodePlugin(
    struct("builtins.ImageTagTransformerPlugin", { imageTag: image, fieldSpecs: specs }),
    ({ imageTag, fieldSpecs }) =>
      transformer(({ list: all }) => setImages(all, { image: imageTag, fieldSpecs })),
  ),
  LabelTransformer: decodePlugin(
    struct("builtins.LabelTransformerPlugin", { labels: textMap, fieldSpecs: specs }),
    ({ labels: entries, fieldSpecs }) =>
      transformer(({ list: all }) => addEntries(all, { entries, fieldSpecs })),
  ),
  NamespaceTransformer: decodePlugin(
    struct("builtins.NamespaceTransformerPlugin", {
      metadata,
      fieldSpecs: specs,
      unsetOnly: flag,
      setRoleBindingSubjects: text,
    }),
    ({ metadata: { namespace }, fieldSpecs, unsetOnly, setRoleBindingSubjects }) => {
      const subjects = parseSubjects(setRoleBindingSubjects);
      const settings = { namespace, fieldSpecs, unsetOnly, subjects };
      return transformer(({ list: all }) => setNamespaces(all, settings));
    },
  ),
  PatchJson6902Transformer: decodePlugin(
    struct("builtins.PatchJson6902TransformerPlugin", {
      target: optional(selector),
      path: text,
      jsonOp: text,
    }),
    (config, { target: { loader } }) => transformer(createJsonPatch(config, loader).run),
  ),
  PatchStrategicMergeTransformer: decodePlugin(mergePatchFields, (config, { target }) =>
    mergePatches(config, target.loader),
  ),
  PatchTransformer: decodePlugin(
    struct("builtins.PatchTransformerPlugin", patchFields),
    (patch, { target: { loader }, config: { node } }) => {
      const describe = () => emitDocument(node);
      const read = readPatch(patch, (path) => loadText(loader, path), describe);
      return transformer((map) => applyPatch(map, read, patch.target));
    },
  ),
  PrefixTransformer: decodeYamlPlugin(prefixConfig, (config) => {
    const settings = { affix: config.prefix, fieldSpecs: requireSpecs(config) };
    return transformer(({ list: all }) => addNamePrefix(all, settings));
  }),
  PrefixSuffixTransformer: decodeYamlPlugin(prefixConfig, (config) => {
    const fieldSpecs = requireSpecs(config);
    return transformer(({ list: all }) => {
      addNamePrefix(all, { affix: config.prefix, fieldSpecs });
      addNameSuffix(all, { affix: config.suffix, fieldSpecs });
    });
  }),
  SuffixTransformer: decodeYamlPlugin(suffixConfig, (config) => {
    const settings = { affix: config.suffix, fieldSpecs: requireSpecs(config) };
    return transformer(({ list: all }) => addNameSuffix(all, settings));
  }),
  ReplacementTransformer: decodePlugin(
    struct("builtins.ReplacementTransformerPlugin", {
      replacements: list(replacementField, "ReplacementField"),
    }),
    ({ replacements }, { target: { loader } }) => {
      const read = readReplacements(replacements, loader);
      return transformer(({ list: all }) => applyReplacements(all, read));
    },
  ),
  ReplicaCountTransformer: decodePlugin(
    struct("builtins.ReplicaCountTransformerPlugin", { replica, fieldSpecs: specs }),
    (settings) => transformer(({ list: all }) => setReplicas(all, settings)),
  ),
  ValueAddTransformer: valueAddPlugin,
};
