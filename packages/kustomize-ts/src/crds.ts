import { emptyConfig, mergeConfigs, type TransformerConfig } from "./config.ts";
import { BuildError } from "./errors.ts";
import type { FieldSpec } from "./field-spec.ts";
import { entriesOf, getField, type YamlNode } from "./yaml/node.ts";
import { parseDocument } from "./yaml/parser.ts";

/**
 * What a file named in `crds` says of the fields of its types: which hold annotations, label
 * selectors, names, or the names of other resources (api/internal/accumulator
 * loadconfigfromcrds.go). The file maps type names to OpenAPI definitions.
 */
export function readCrdConfig(content: string, file: string): TransformerConfig {
  const root = parseDocument(content, { file, dialect: "v2" })?.root;
  if (root === undefined || root.kind !== "map") {
    const message = `unable to parse open API definition from '${file}'`;
    throw new BuildError("INVALID_CONFIG", message, { file, field: "crds" });
  }
  let config = emptyConfig;
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

function propertiesOf(definition: YamlNode): YamlNode | undefined {
  return (
    getField(getField(definition, "Schema"), "properties") ??
    getField(getField(definition, "schema"), "properties")
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
  const definition = getField(root, type);
  const properties = definition === undefined ? undefined : propertiesOf(definition);
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
    return node?.kind === "scalar" ? node.value : undefined;
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
