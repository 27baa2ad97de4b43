import { Note } from "../build-notes.ts";
import { BuildError } from "../errors.ts";
import type { ConfigMapArgs, GeneratorOptions, SecretArgs } from "../kustomization-parts.ts";
import { createResource, enable, type Resource, setAnnotation, setNote } from "../resource.ts";
import { lookup, setField } from "../yaml/access.ts";
import {
  createMap,
  createNode,
  createPlain,
  createString,
  Style,
  Tag,
  type YamlNode,
} from "../yaml/node.ts";
import { type KeyValues, type LoadFile, readKeyValues } from "./key-values.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A ConfigMap from files, literals and env files; what is no text goes to `binaryData`. */
export function generateConfigMap(args: ConfigMapArgs, load: LoadFile): Resource {
  const node = createBase("ConfigMap", args);
  for (const [key, bytes] of sorted(readKeyValues(args, args.name, load))) {
    const text = decodeText(bytes);
    const map = lookup(node, [text === undefined ? "binaryData" : "data"], "map");
    if (map !== undefined) setField(map, key, createValue(text ?? encodeBase64(bytes)));
  }
  return finish(node, args);
}

/** A Secret from the same; all its values are base64. */
export function generateSecret(args: SecretArgs, load: LoadFile): Resource {
  const node = createBase("Secret", args);
  setField(node, "type", createString(args.type === "" ? "Opaque" : args.type));
  const values = readKeyValues(args, args.name, load);
  const map = lookup(node, ["data"], "map");
  for (const [key, bytes] of sorted(values)) {
    if (map !== undefined) setField(map, key, createValue(encodeBase64(bytes)));
  }
  return finish(node, args);
}

function createBase(kind: string, { name, namespace }: ConfigMapArgs): YamlNode {
  if (name === "") throw new BuildError("INVALID_GENERATOR", "a configmap must have a name");
  const node = createMap();
  setField(node, "apiVersion", createPlain("v1"));
  setField(node, "kind", createPlain(kind));
  const metadata = createMap();
  setField(node, "metadata", metadata);
  setField(metadata, "name", createString(name));
  if (namespace !== "") setField(metadata, "namespace", createString(namespace));
  return node;
}

function sorted(values: KeyValues): [string, Uint8Array][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function createValue(text: string): YamlNode {
  const style = text.includes("\n") ? Style.literal : Style.plain;
  return createNode("scalar", Tag.string, text, style);
}

/** Base64 in lines of 70, each ended, as soon as it is longer than one line (kyaml datamap.go). */
function encodeBase64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("base64");
  if (text.length < 70) return text;
  return text.replace(/.{1,70}/g, "$&\n");
}

function finish(node: YamlNode, args: ConfigMapArgs): Resource {
  const resource = createResource(node);
  if (args.options !== undefined) applyOptions(resource, args.options);
  if (args.options?.disableNameSuffixHash !== true) enable(resource, Note.needsHash);
  const known = ["create", "merge", "replace"].includes(args.behavior);
  setNote(resource, Note.behavior, known ? args.behavior : "unspecified");
  return resource;
}

function applyOptions(resource: Resource, options: GeneratorOptions): void {
  for (const [key, value] of [...options.labels].sort()) {
    const labels = lookup(resource.node, ["metadata", "labels"], "map");
    const node = createNode("scalar", Tag.string, value, Style.singleQuoted);
    if (labels !== undefined) setField(labels, key, node);
  }
  for (const [key, value] of [...options.annotations].sort()) setAnnotation(resource, key, value);
  if (!options.immutable) return;
  setField(resource.node, "immutable", createNode("scalar", Tag.bool, "true", Style.plain));
}

/** The options of one generator over those of all; a switch that is on stays on. */
export function mergeOptions(
  own: GeneratorOptions | undefined,
  all: GeneratorOptions | undefined,
): GeneratorOptions | undefined {
  if (all === undefined || own === undefined) return own ?? all;
  return {
    labels: new Map([...all.labels, ...own.labels]),
    annotations: new Map([...all.annotations, ...own.annotations]),
    disableNameSuffixHash: own.disableNameSuffixHash || all.disableNameSuffixHash,
    immutable: own.immutable || all.immutable,
  };
}
