import { emptyConfig, mergeConfigs, type TransformerConfig } from "./config.ts";
import { isText, list, mapOf, struct, text } from "./decode.ts";
import { decodeYaml, readYaml } from "./decode-yaml.ts";
import { withContext } from "./errors.ts";
import type { FieldSpec } from "./field-spec.ts";
import { entriesOf, getField, type YamlNode } from "./yaml/node.ts";

/**
 * What a file named in `crds` says of the fields of its types: which hold annotations, label
 * selectors, names, or the names of other resources (api/internal/accumulator
 * loadconfigfromcrds.go). The file maps type names to OpenAPI definitions.
 */
export function readCrdConfig(content: string, file: string): TransformerConfig {
  const context = `unable to parse open API definition from '${file}'`;
  const root = withContext(context, () => readDefinitions(content, file));
  let config = emptyConfig;
  if (root === undefined) return config;
  for (const [key, definition] of entriesOf(root)) {
    const properties = propertiesOf(definition);
    const isType = ["kind", "apiVersion", "metadata"].every(
      (name) => getField(properties, name) !== undefined,
    );
    if (!isType) continue;
    const kind = key.value.split(".").at(-1) ?? "";
    for (const part of readType(root, { type: key.value, kind, path: [] })) {
      config = mergeConfigs(config, part);
    }
  }
  return config;
}

function readDefinitions(content: string, file: string): YamlNode | undefined {
  const options = { file, strict: false, coerce: true };
  const root = readYaml(content, { file });
  return decodeYaml(root, mapOf("accumulator.nameToApiMap", definition), options);
}

/** Definitions are looked at as they are written; only their shape is checked. */
const definition = struct("accumulator.OpenAPIDefinition", {
  Schema: struct("spec.Schema", { properties: mapOf("map[string]spec.Schema") }),
  Dependencies: list(text),
});

function propertiesOf(of: YamlNode): YamlNode | undefined {
  return (
    getField(getField(of, "Schema"), "properties") ?? getField(getField(of, "schema"), "properties")
  );
}

interface TypePlace {
  readonly type: string;
  readonly kind: string;
  readonly path: readonly string[];
}

/** More levels than this only a type that contains itself has. */
const MAX_DEPTH = 50;

function readType(root: YamlNode, { type, kind, path }: TypePlace): TransformerConfig[] {
  const found = getField(root, type);
  const properties = found === undefined ? undefined : propertiesOf(found);
  if (properties === undefined || path.length > MAX_DEPTH) return [];
  return [...entriesOf(properties)].flatMap(([key, property]) => {
    const here = [...path, key.value];
    const reference = getField(property, "$ref")?.value;
    const inner =
      reference === undefined ? [] : readType(root, { type: reference, kind, path: here });
    return [...readProperty(property, kind, here), ...inner];
  });
}

function readProperty(
  property: YamlNode,
  kind: string,
  path: readonly string[],
): TransformerConfig[] {
  const extension = (name: string) => {
    const node = getField(property, `x-kubernetes-${name}`);
    return isText(node) ? node?.value : undefined;
  };
  const spec = (parts: readonly string[]): FieldSpec => ({
    group: "",
    version: "",
    kind,
    path: parts.join("/"),
    create: false,
  });
  const configs: TransformerConfig[] = [];
  const add = (part: Partial<TransformerConfig>) => configs.push({ ...emptyConfig, ...part });
  if (extension("annotation") !== undefined) add({ commonAnnotations: [spec(path)] });
  if (extension("label-selector") !== undefined) add({ commonLabels: [spec(path)] });
  if (extension("identity") !== undefined) add({ namePrefix: [spec(path)] });
  const version = extension("object-ref-api-version");
  const target = extension("object-ref-kind");
  if (version !== undefined && target !== undefined) {
    const name = extension("object-ref-name-key") ?? "name";
    const fieldSpecs = [spec([...path, name])];
    add({ nameReference: [{ group: "", version, kind: target, fieldSpecs }] });
  }
  return configs;
}
