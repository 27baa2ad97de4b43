import { posix } from "node:path";
import {
  applyMergePatches,
  createJsonPatch,
  readMergePatches,
  readReplacements,
} from "./built-in-transformers.ts";
import {
  type Decoded,
  type Decoder,
  decodeDocument,
  flag,
  integer,
  list,
  optional,
  struct,
  text,
  textMap,
} from "./decode.ts";
import { BuildError } from "./errors.ts";
import { generateConfigMap, generateSecret } from "./generate/config-map.ts";
import { inflateChart } from "./generate/helm-chart.ts";
import { generateIamPolicy } from "./generate/iam-policy.ts";
import { addNameHashes } from "./generate/name-hash.ts";
import {
  fieldSpec,
  generatorFields,
  helmChartFields,
  image,
  patch,
  replacementField,
  replica,
  selector,
} from "./kustomization-parts.ts";
import { loadBytes, loadText } from "./load.ts";
import { applyPatch, readPatch } from "./patch/apply-patches.ts";
import { readResources } from "./read-resources.ts";
import { formatGvk } from "./res-id.ts";
import { gvkOf, kindOf, type Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import { selectResources } from "./selector.ts";
import type { Target } from "./target.ts";
import { addValue } from "./transform/add-value.ts";
import { setImages } from "./transform/images.ts";
import { addEntries } from "./transform/labels.ts";
import { addNamePrefix, addNameSuffix } from "./transform/name-prefix.ts";
import { type SubjectMode, setNamespaceOf, setNamespaces } from "./transform/namespace.ts";
import { applyReplacements } from "./transform/replacements.ts";
import { setReplicas } from "./transform/replicas.ts";
import { createSpecSelector } from "./transform/visit-fields.ts";
import { createFromValue, toJsonObject } from "./yaml/convert.ts";
import { parseDocument } from "./yaml/parser.ts";

/** A generator or a transformer that has a file of its own. */
export type Plugin =
  | { readonly kind: "generator"; readonly generate: () => readonly Resource[] }
  | { readonly kind: "transformer"; readonly transform: (map: ResourceMap) => void };

type Create = (config: Resource, target: Target) => Plugin;

/** Makes the plugin of a configuration whose API version is `builtin`. */
export function createPlugin(config: Resource, target: Target): Plugin {
  const kind = kindOf(config);
  const create = Object.hasOwn(PLUGINS, kind) ? PLUGINS[kind] : undefined;
  if (create === undefined) {
    throw new BuildError("INVALID_CONFIG", `unable to load builtin ${formatGvk(gvkOf(config))}`);
  }
  return create(config, target);
}

const specs = list(fieldSpec, "FieldSpec");
const metadata = struct("ObjectMeta", { name: text, namespace: text });

/**
 * A plugin whose configuration is decoded first: numbers are taken for texts, the rest left out. As
 * a resource it has the types of YAML 1.2, where `yes` is a text, and comes to the plugin as JSON.
 */
function plugin<Config>(
  decoder: Decoder<Config>,
  create: (config: Config, target: Target) => Plugin,
): Create {
  return (config, target) => {
    const options = { file: "", strict: false, coerce: true };
    const node = createFromValue(toJsonObject(config.node));
    return create(decodeDocument(node, decoder, options), target);
  };
}

function transformer(transform: (map: ResourceMap) => void): Plugin {
  return { kind: "transformer", transform };
}

function generator(generate: () => readonly Resource[]): Plugin {
  return { kind: "generator", generate };
}

const affix = struct("PrefixTransformer", {
  prefix: text,
  suffix: text,
  fieldSpecs: optional(specs),
});

function requireSpecs({ fieldSpecs }: Decoded<typeof affix>) {
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

const valueTarget = struct("Target", {
  selector: optional(selector),
  fieldPath: text,
  filePathPosition: integer,
});

const valueTargets = struct("ValueAddTransformer", {
  value: text,
  targets: list(valueTarget, "Target"),
  targetFilePath: text,
});

function readValueTargets(config: Decoded<typeof valueTargets>, { loader }: Target) {
  const { targetFilePath: file } = config;
  const root =
    file === "" ? undefined : parseDocument(loadText(loader, file), { file, dialect: "v2" })?.root;
  const more = decodeDocument(root, valueTargets, { file, strict: false, coerce: true });
  const targets = [...config.targets, ...more.targets];
  const refuse = (message: string) => new BuildError("INVALID_CONFIG", message);
  if (targets.length === 0) throw refuse("must specify at least one target");
  for (const { fieldPath, filePathPosition } of targets) {
    if (fieldPath === "") throw refuse("fieldPath cannot be empty");
    if (filePathPosition < 0) {
      throw refuse(`value of FilePathPosition (${filePathPosition}) cannot be negative`);
    }
  }
  return targets;
}

const noSpecs = createSpecSelector([]);

function addValues(config: Decoded<typeof valueTargets>, target: Target): Plugin {
  const value = config.value.trim() || posix.basename(target.loader.root);
  const targets = readValueTargets(config, target);
  return transformer((map) => {
    for (const one of targets) {
      const all = one.selector === undefined ? map.list : selectResources(map.list, one.selector);
      for (const resource of all) {
        if (one.fieldPath !== "metadata/namespace") addValue(resource, value, one);
        else {
          const settings = {
            namespace: value,
            fieldSpecs: [],
            unsetOnly: false,
            subjects: "defaultOnly",
          } as const;
          setNamespaceOf(resource, settings, noSpecs);
        }
      }
    }
  });
}

const mergePatchFields = struct("PatchStrategicMergeTransformer", {
  paths: list(text),
  patches: text,
});

function mergePatches(
  { paths, patches }: Decoded<typeof mergePatchFields>,
  { loader }: Target,
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

const PLUGINS: Readonly<Record<string, Create>> = {
  ConfigMapGenerator: plugin(
    struct("ConfigMapArgs", { ...generatorFields, metadata }),
    (config, { loader }) =>
      generator(() => [generateConfigMap(named(config), (path) => loadBytes(loader, path))]),
  ),
  SecretGenerator: plugin(
    struct("SecretArgs", { ...generatorFields, type: text, metadata }),
    (config, { loader }) =>
      generator(() => [generateSecret(named(config), (path) => loadBytes(loader, path))]),
  ),
  HelmChartInflationGenerator: plugin(
    struct("HelmChart", { ...helmChartFields, chartHome: text, configHome: text }),
    (config, { loader, context }) =>
      generator(() => inflateChart({ chart: config, globals: config, loader, context })),
  ),
  IAMPolicyGenerator: plugin(
    struct("IAMPolicyGeneratorArgs", {
      cloud: text,
      kubernetesService: struct("KubernetesService", { name: text, namespace: text }),
      serviceAccount: struct("ServiceAccount", { name: text, projectId: text }),
    }),
    (config) => generator(() => generateIamPolicy(config)),
  ),
  AnnotationsTransformer: plugin(
    struct("AnnotationsTransformer", { annotations: textMap, fieldSpecs: specs }),
    ({ annotations: entries, fieldSpecs }) =>
      transformer(({ list: all }) => addEntries(all, { entries, fieldSpecs })),
  ),
  HashTransformer: () => transformer(({ list: all }) => addNameHashes(all)),
  ImageTagTransformer: plugin(
    struct("ImageTagTransformer", { imageTag: image, fieldSpecs: specs }),
    ({ imageTag, fieldSpecs }) =>
      transformer(({ list: all }) => setImages(all, { image: imageTag, fieldSpecs })),
  ),
  LabelTransformer: plugin(
    struct("LabelTransformer", { labels: textMap, fieldSpecs: specs }),
    ({ labels: entries, fieldSpecs }) =>
      transformer(({ list: all }) => addEntries(all, { entries, fieldSpecs })),
  ),
  NamespaceTransformer: plugin(
    struct("NamespaceTransformer", {
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
  PatchJson6902Transformer: plugin(
    struct("PatchJson6902Transformer", { target: optional(selector), path: text, jsonOp: text }),
    (config, { loader }) => transformer(createJsonPatch(config, loader).run),
  ),
  PatchStrategicMergeTransformer: plugin(mergePatchFields, mergePatches),
  PatchTransformer: plugin(patch, (config, { loader }) => {
    const read = readPatch(config, (path) => loadText(loader, path));
    return transformer((map) => applyPatch(map, read, config.target));
  }),
  PrefixTransformer: plugin(affix, (config) => {
    const settings = { affix: config.prefix, fieldSpecs: requireSpecs(config) };
    return transformer(({ list: all }) => addNamePrefix(all, settings));
  }),
  PrefixSuffixTransformer: plugin(affix, (config) => {
    const fieldSpecs = requireSpecs(config);
    return transformer(({ list: all }) => {
      addNamePrefix(all, { affix: config.prefix, fieldSpecs });
      addNameSuffix(all, { affix: config.suffix, fieldSpecs });
    });
  }),
  SuffixTransformer: plugin(affix, (config) => {
    const settings = { affix: config.suffix, fieldSpecs: requireSpecs(config) };
    return transformer(({ list: all }) => addNameSuffix(all, settings));
  }),
  ReplacementTransformer: plugin(
    struct("ReplacementTransformer", { replacements: list(replacementField, "ReplacementField") }),
    ({ replacements }, { loader }) => {
      const read = readReplacements(replacements, loader);
      return transformer(({ list: all }) => applyReplacements(all, read));
    },
  ),
  ReplicaCountTransformer: plugin(
    struct("ReplicaCountTransformer", { replica, fieldSpecs: specs }),
    (settings) => transformer(({ list: all }) => setReplicas(all, settings)),
  ),
  ValueAddTransformer: plugin(valueTargets, addValues),
};
