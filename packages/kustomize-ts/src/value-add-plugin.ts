import { posix } from "node:path";
import { type Decoded, integer, list, optional, struct, text } from "./decode.ts";
import { decodeYaml, readYaml } from "./decode-yaml.ts";
import { BuildError } from "./errors.ts";
import { selector } from "./kustomization-parts.ts";
import { type Loader, loadText } from "./load.ts";
import { decodePlugin, type Plugin, transformer } from "./plugin.ts";
import type { ResourceMap } from "./resource-map.ts";
import { selectResources } from "./selector.ts";
import { addValue } from "./transform/add-value.ts";
import { setNamespaceOf } from "./transform/namespace.ts";
import { createSpecSelector } from "./transform/visit-fields.ts";

const valueTarget = struct("builtins.Target", {
  selector: optional(selector),
  fieldPath: text,
  filePathPosition: integer("int"),
});

const valueTargets = struct("builtins.ValueAddTransformerPlugin", {
  value: text,
  targets: list(valueTarget, "[]builtins.Target"),
  targetFilePath: text,
});
type ValueTargets = Decoded<typeof valueTargets>;

function readTargets(config: ValueTargets, loader: Loader) {
  const { targetFilePath: file } = config;
  const root = file === "" ? undefined : readYaml(loadText(loader, file), { file });
  const more = decodeYaml(root, valueTargets, { file, strict: false, coerce: true });
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

function addValues(
  map: ResourceMap,
  value: string,
  targets: readonly Decoded<typeof valueTarget>[],
): void {
  for (const target of targets) {
    const { selector: selected, fieldPath } = target;
    const all = selected === undefined ? map.list : selectResources(map.list, selected);
    for (const resource of all) {
      if (fieldPath !== "metadata/namespace") addValue(resource, value, target);
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
}

function createValueAdd(config: ValueTargets, loader: Loader): Plugin {
  const value = config.value.trim() || posix.basename(loader.root);
  const targets = readTargets(config, loader);
  return transformer((map) => addValues(map, value, targets));
}

/** The `ValueAddTransformer`: one value into fields of many resources. */
export const valueAddPlugin = decodePlugin(valueTargets, (config, { target }) =>
  createValueAdd(config, target.loader),
);
