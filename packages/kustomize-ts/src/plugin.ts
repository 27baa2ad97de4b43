import type { Decoder } from "./decode.ts";
import { decodeYaml } from "./decode-yaml.ts";
import { withContext } from "./errors.ts";
import { kindOf, type Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import type { Target } from "./target.ts";
import { createFromValue, toJsonObject } from "./yaml/convert.ts";

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

/**
 * A plugin whose configuration is decoded first: numbers are taken for texts, the rest left out. As
 * a resource it has the types of YAML 1.2, where `yes` is a text, and comes to the plugin as JSON.
 */
export function decodePlugin<Config>(
  decoder: Decoder<Config>,
  create: (config: Config, source: PluginSource) => Plugin,
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

export function transformer(transform: (map: ResourceMap) => void): Plugin {
  return { kind: "transformer", transform };
}

export function generator(generate: () => readonly Resource[]): Plugin {
  return { kind: "generator", generate };
}
