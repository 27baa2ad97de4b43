import { type DecodeOptions, type Decoder, decodeDocument } from "./decode.ts";
import { BuildError, withContext } from "./errors.ts";
import { expandAnchors } from "./yaml/expand.ts";
import { entriesOf, type YamlNode } from "./yaml/node.ts";
import { parseDocument } from "./yaml/parser.ts";

/** Parses YAML for `decodeYaml`; with `uniqueKeys` a key that is there twice is refused. */
export function readYaml(
  content: string,
  { file, uniqueKeys = false }: { file: string; uniqueKeys?: boolean },
): YamlNode | undefined {
  return withContext("error converting YAML to JSON", () => {
    const document = parseDocument(content, { file, dialect: "v2" });
    if (document === undefined) return undefined;
    const root = document.shared ? expandAnchors(document.root) : document.root;
    const repeated = uniqueKeys ? findRepeatedKeys(root) : [];
    if (repeated.length === 0) return root;
    const message = `yaml: unmarshal errors:\n  ${repeated.join("\n  ")}`;
    throw new BuildError("YAML_DUPLICATE_KEY", message, { file });
  });
}

function findRepeatedKeys(node: YamlNode): string[] {
  if (node.kind === "seq") return node.content.flatMap(findRepeatedKeys);
  const seen = new Set<string>();
  return [...(node.kind === "map" ? entriesOf(node) : [])].flatMap(([{ value: key }, value]) => {
    const found = findRepeatedKeys(value);
    if (seen.has(key))
      found.push(`line ${value.line}: key ${JSON.stringify(key)} already set in map`);
    seen.add(key);
    return found;
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
