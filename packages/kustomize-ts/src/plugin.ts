import { type Decoder, decodeDocument } from "./decode.ts";
import { decodeYaml } from "./decode-yaml.ts";
import { withContext } from "./errors.ts";
import { kindOf, type Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import type { Target } from "./target.ts";
import { createFromValue, toJsonObject } from "./yaml/convert.ts";
import { explainDuplicates } from "./yaml/duplicate-keys.ts";
import { emitDocument } from "./yaml/emit.ts";
import { parseDocument } from "./yaml/parser.ts";

/** A generator or a transformer that has a file of its own. */
export type Plugin =
  | { readonly kind: "generator"; readonly generate: () => readonly Resource[] }
  | { readonly kind: "transformer"; readonly transform: (map: ResourceMap) => void };

/** Makes a plugin of its configuration. */
export type CreatePlugin = (config: Resource, target: Target) => Plugin;

/** What a decoded configuration is before it is decoded. */
export interface PluginSource {
  readonly target: Target;
  readonly config: Resource;
}

type CreateOf<Config> = (config: Config, source: PluginSource) => Plugin;

/**
 * A plugin whose configuration is decoded first: numbers are taken for texts, the rest left out. As
 * a resource it has the types of YAML 1.2, where `yes` is a text, and comes to the plugin as JSON.
 */
export function decodePlugin<Config>(
  decoder: Decoder<Config>,
  create: CreateOf<Config>,
): CreatePlugin {
  return (config, target) => {
    const options = { file: "", strict: false, coerce: true };
    const node = createFromValue(toJsonObject(config.node));
    const kind = kindOf(config);
    const context = kind === "NamespaceTransformer" ? `unmarshalling ${kind} config` : "";
    const decoded = withContext(context, () => decodeYaml(node, decoder, options));
    return create(decoded, { target, config });
  };
}

/** One whose configuration the real one reads as YAML, without JSON between. */
export function decodeYamlPlugin<Config>(
  decoder: Decoder<Config>,
  create: CreateOf<Config>,
): CreatePlugin {
  return (config, target) => {
    const printed = emitDocument(createFromValue(toJsonObject(config.node)));
    const root = parseDocument(printed, { file: "" })?.root;
    const options = { file: "", strict: false, coerce: true, asYaml: true };
    return create(decodeDocument(root, decoder, options), { target, config });
  };
}

/** Refuses a configuration that cannot become JSON, as which it comes to its plugin. */
export function requireJson({ node }: Resource): void {
  try {
    toJsonObject(node);
  } catch (error) {
    throw explainDuplicates(node, error);
  }
}

export function transformer(transform: (map: ResourceMap) => void): Plugin {
  return { kind: "transformer", transform };
}

export function generator(generate: () => readonly Resource[]): Plugin {
  return { kind: "generator", generate };
}
