import { BuildError } from "../errors.ts";
import { copyCounted, type Expansion, refuseAliases } from "./expand.ts";
import { entriesOf, Tag, type YamlNode } from "./node.ts";
import { oldKeyText } from "./old-types.ts";
import { parseDocument } from "./parser.ts";

/** How to parse: what the file is called, and who is to know of a key that is there once more. */
export interface ParseOldOptions {
  readonly file: string;
  readonly onRepeat?: (key: YamlNode, value: YamlNode) => void;
}

/**
 * Parses the first document as go-yaml v2 does for JSON (`sigs.k8s.io/yaml`): pair by pair, so that
 * of equal keys the last one counts, whether it was written or came by `<<`. Aliases are expanded;
 * `undefined` when there is no document. Throws for a key that JSON cannot have.
 */
export function parseOldYaml(
  text: string,
  { file, onRepeat = () => {} }: ParseOldOptions,
): YamlNode | undefined {
  const root = parseDocument(text, { file, dialect: "v2" })?.root;
  return root === undefined ? undefined : expand(root, { copied: 0, open: new Set(), onRepeat });
}

interface State extends Expansion {
  readonly onRepeat: (key: YamlNode, value: YamlNode) => void;
}

function expand(node: YamlNode, state: State): YamlNode {
  if (node.kind === "scalar") return node;
  if (state.open.has(node)) {
    throw refuseAliases(node, `anchor '${node.anchor}' value contains itself`);
  }
  state.open.add(node);
  let result = node;
  if (node.kind === "alias" && node.alias !== undefined) {
    result = copyCounted(expand(node.alias, state), state);
  } else if (node.kind === "map") {
    node.content = expandPairs(node, state);
  } else {
    node.content = node.content.map((item) => expand(item, state));
  }
  state.open.delete(node);
  return result;
}

function expandPairs(map: YamlNode, state: State): YamlNode[] {
  const content: YamlNode[] = [];
  const places = new Map<string, number>();
  const put = (key: YamlNode, value: YamlNode): void => {
    const name = oldKeyText(key);
    const at = places.get(name);
    if (at === undefined) {
      places.set(name, content.length);
      content.push(key, value);
      return;
    }
    state.onRepeat(key, value);
    content[at] = key;
    content[at + 1] = value;
  };
  for (const [key, value] of entriesOf(map)) {
    if (key.kind === "scalar" && key.tag === Tag.merge) {
      for (const source of findMergedMaps(value)) {
        for (const pair of entriesOf(expand(source, state))) put(...pair);
      }
    } else put(expand(key, state), expand(value, state));
  }
  return content;
}

/** The maps to merge, or aliases of them, the weakest first. */
function findMergedMaps(value: YamlNode): YamlNode[] {
  const maps = value.kind === "seq" ? value.content.toReversed() : [value];
  if (maps.every(({ kind, alias }) => (alias?.kind ?? kind) === "map")) return maps;
  const { line, column } = value;
  const message = "yaml: map merge requires map or sequence of maps as the value";
  throw new BuildError("INVALID_RESOURCE", message, { line, column });
}
