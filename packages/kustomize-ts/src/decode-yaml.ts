import { type DecodeOptions, type Decoder, decodeDocument } from "./decode.ts";
import { BuildError, withContext } from "./errors.ts";
import type { YamlNode } from "./yaml/node.ts";
import { parseOldYaml } from "./yaml/parse-old.ts";

/** Parses YAML for `decodeYaml`; with `uniqueKeys` a key that is there twice is refused. */
export function readYaml(
  content: string,
  { file, uniqueKeys = false }: { file: string; uniqueKeys?: boolean },
): YamlNode | undefined {
  return withContext("error converting YAML to JSON", () => {
    const repeated: string[] = [];
    const onRepeat = (key: YamlNode, { line }: YamlNode): void => {
      repeated.push(`line ${line}: key ${JSON.stringify(key.value)} already set in map`);
    };
    const root = parseOldYaml(content, { file, onRepeat });
    if (!uniqueKeys || repeated.length === 0) return root;
    const message = `yaml: unmarshal errors:\n  ${repeated.join("\n  ")}`;
    throw new BuildError("YAML_DUPLICATE_KEY", message, { file });
  });
}

/** Reads a document as sigs.k8s.io/yaml does, by way of JSON. */
export function decodeYaml<Value>(
  root: YamlNode | undefined,
  decoder: Decoder<Value>,
  options: DecodeOptions,
): Value {
  return withContext("error unmarshaling JSON: while decoding JSON", () =>
    decodeDocument(root, decoder, options),
  );
}
