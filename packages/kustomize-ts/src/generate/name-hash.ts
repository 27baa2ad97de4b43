import { Note } from "../build-notes.ts";
import { isEnabled, kindOf, nameOf, type Resource, setName, storePreviousId } from "../resource.ts";
import { type JsonValue, toJsonValue } from "../yaml/convert.ts";
import { formatGoJson } from "../yaml/go-json.ts";
import { getField, type YamlNode } from "../yaml/node.ts";

/** Adds the hash of its content to the name of each generated resource. */
export function addNameHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!isEnabled(resource, Note.needsHash)) continue;
    const hash = hashResource(resource);
    storePreviousId(resource);
    setName(resource, `${nameOf(resource)}-${hash}`);
  }
}

/** Ten characters that cannot be taken for a word or a number (api/hasher/hasher.go). */
function hashResource(resource: Resource): string {
  // Bun's own: node:crypto brings streams along, a tenth of the time of a whole command.
  const hex = new Bun.CryptoHasher("sha256").update(encode(resource)).digest("hex").slice(0, 10);
  return hex
    .replaceAll("0", "g")
    .replaceAll("1", "h")
    .replaceAll("3", "k")
    .replaceAll("a", "m")
    .replaceAll("e", "t");
}

function encode(resource: Resource): string {
  const { node } = resource;
  switch (kindOf(resource)) {
    case "ConfigMap": {
      const binaryData = readMap(node, "binaryData");
      const rest = binaryData === undefined ? {} : { binaryData };
      return formatGoJson({ ...rest, data: readValue(node, "data"), kind: "ConfigMap", name: "" });
    }
    case "Secret": {
      const stringData = readMap(node, "stringData");
      const rest = stringData === undefined ? {} : { stringData };
      const type = readValue(node, "type");
      return formatGoJson({
        data: readValue(node, "data"),
        kind: "Secret",
        name: "",
        ...rest,
        type,
      });
    }
    default:
      return formatGoNode(node);
  }
}

// The real one looks the name up under the field "metadata/name", which there never is, so the
// name is always empty.

function readValue(node: YamlNode, name: string): JsonValue {
  const field = getField(node, name);
  if (field === undefined) return "";
  if (field.kind === "scalar") return field.value;
  return field.kind === "map" ? toJsonValue(field) : null;
}

function readMap(node: YamlNode, name: string): JsonValue | undefined {
  const field = getField(node, name);
  return field?.kind === "map" ? toJsonValue(field) : undefined;
}

const KINDS = { none: 0, seq: 2, map: 4, scalar: 8, alias: 16 } as const;

/** Any other kind is hashed as the JSON of go-yaml's node itself, its empty parts included. */
function formatGoNode(node: YamlNode): string {
  const content =
    node.content.length === 0 ? "null" : `[${node.content.map(formatGoNode).join(",")}]`;
  const text = (value: string) => formatGoJson(value);
  return (
    `{"Kind":${KINDS[node.kind]},"Style":${node.style},"Tag":${text(node.tag)},` +
    `"Value":${text(node.value)},"Anchor":"","Alias":null,"Content":${content},` +
    `"HeadComment":${text(node.headComment)},"LineComment":${text(node.lineComment)},` +
    `"FootComment":${text(node.footComment)},"Line":${node.line},"Column":${node.column}}`
  );
}
