import { BuildError } from "../errors.ts";
import { attachComments } from "./comments.ts";
import { Style, Tag, type YamlNode } from "./node.ts";
import { parseFlowMapping, parseFlowSequence } from "./parse-flow.ts";
import {
  createAt,
  createEmptyScalar,
  finishNode,
  openCollection,
  type ParseState,
  type Properties,
  parseError,
} from "./parse-state.ts";
import { resolveTag } from "./resolve.ts";
import { type Mark, type ScannedToken, Token } from "./scan-state.ts";
import { createScanner, peekToken, type ScanOptions, skipToken } from "./scanner.ts";

const CORE_PREFIX = "tag:yaml.org,2002:";

/** A document as it was written. */
export interface ParsedDocument {
  readonly root: YamlNode;
  /** Whether it has anchors, merge keys or nulls as keys. */
  readonly shared: boolean;
}

/**
 * Reads the first document of a text, as go-yaml's decoder does; what follows it is not looked at.
 * Gives `undefined` when there is none, and throws `BuildError` with the line that go-yaml names.
 */
export function parseDocument(text: string, options: ScanOptions): ParsedDocument | undefined {
  const scan = createScanner(text, options);
  const state: ParseState = {
    scan,
    parseNode,
    shared: false,
    anchors: new Map(),
    handles: new Map(),
  };
  while (peekToken(scan).type === Token.documentEnd) skipToken(scan);
  const first = peekToken(scan);
  if (first.type === Token.streamEnd) return undefined;
  const explicit = readDirectives(state);
  const next = peekToken(scan);
  const root =
    explicit && endsDocument(next) ? createEmptyScalar(scan, next) : parseNode(state, true, false);
  // The end of the document is looked at too: a mistake close behind it is one of the document.
  peekToken(scan);
  if (options.comments !== undefined) attachComments(root, options.comments);
  return { root, shared: state.shared };
}

function endsDocument({ type }: ScannedToken): boolean {
  return (
    type === Token.directive ||
    type === Token.documentStart ||
    type === Token.documentEnd ||
    type === Token.streamEnd
  );
}

/** Reads `%YAML` and `%TAG` and the `---` that ends them; gives whether there was one. */
function readDirectives({ scan, handles }: ParseState): boolean {
  handles.set("!", "!");
  handles.set("!!", CORE_PREFIX);
  let token = peekToken(scan);
  if (token.type !== Token.directive && token.type !== Token.documentStart) return false;
  let versions = 0;
  while (token.type === Token.directive) {
    if (token.value === "YAML") {
      if (++versions > 1) throw parseError(scan, "found duplicate %YAML directive", token);
      if (!/^1\.[12]$/.test(token.suffix)) {
        throw parseError(scan, "found incompatible YAML document", token);
      }
    } else {
      const [handle = "", prefix = ""] = token.suffix.split(/[ \t]+/);
      handles.set(handle, prefix);
    }
    skipToken(scan);
    token = peekToken(scan);
  }
  if (token.type !== Token.documentStart) {
    throw parseError(scan, "did not find expected <document start>", token);
  }
  skipToken(scan);
  return true;
}

function parseNode(state: ParseState, block: boolean, indentless: boolean): YamlNode {
  const { scan } = state;
  let token = peekToken(scan);
  // Most nodes are scalars with nothing before them.
  if (token.type === Token.scalar) return parseScalar(state, token);
  if (token.type === Token.alias) return parseAlias(state, token);
  const properties = parseProperties(state, token);
  const isBare = properties.anchor === "" && properties.tag === "";
  if (!isBare) token = peekToken(scan);
  switch (token.type) {
    case Token.scalar:
      return finishNode(state, parseScalar(state, token), properties);
    case Token.blockEntry:
      if (!indentless) break;
      return parseIndentlessSequence(state, properties);
    case Token.flowSequenceStart:
      return parseFlowSequence(state, properties);
    case Token.flowMappingStart:
      return parseFlowMapping(state, properties);
    case Token.blockSequenceStart:
      if (!block) break;
      return parseBlockSequence(state, properties);
    case Token.blockMappingStart:
      if (!block) break;
      return parseBlockMapping(state, properties);
  }
  if (!isBare) {
    return finishNode(state, createEmptyScalar(scan, properties.start), properties);
  }
  throw parseError(scan, "did not find expected node content", token, properties.start);
}

function parseAlias(state: ParseState, token: ScannedToken): YamlNode {
  const { scan, anchors } = state;
  state.shared = true;
  const node = createAt(scan, "alias", token.value, token);
  node.alias = anchors.get(token.value);
  if (node.alias === undefined) {
    const place = { file: scan.file, line: node.line, column: node.column };
    const problem = `yaml: unknown anchor '${token.value}' referenced`;
    throw new BuildError("YAML_SYNTAX", problem, place);
  }
  skipToken(scan);
  return node;
}

/** An anchor and a tag, in either order. */
function parseProperties(state: ParseState, start: ScannedToken): Properties {
  let tag = "";
  let anchor = "";
  let token = start;
  for (let part = 0; part < 2; part++) {
    if (token.type === Token.anchor && anchor === "") anchor = token.value;
    else if (token.type === Token.tag && tag === "") tag = resolveHandle(state, token, start);
    else break;
    skipToken(state.scan);
    token = peekToken(state.scan);
  }
  return { start, tag, anchor };
}

function resolveHandle({ scan, handles }: ParseState, token: ScannedToken, start: Mark): string {
  if (token.value === "") return shorten(token.suffix);
  const prefix = handles.get(token.value);
  if (prefix === undefined) throw parseError(scan, "found undefined tag handle", token, start);
  return shorten(prefix + token.suffix);
}

function shorten(tag: string): string {
  return tag.startsWith(CORE_PREFIX) ? `!!${tag.slice(CORE_PREFIX.length)}` : tag;
}

function parseScalar(state: ParseState, token: ScannedToken): YamlNode {
  const { value, style } = token;
  const node = createAt(state.scan, "scalar", value, token);
  node.style = style;
  if (style !== Style.plain) node.tag = Tag.string;
  else node.tag = value === "<<" ? Tag.merge : resolveTag(value);
  if (value === "<<") state.shared = true;
  skipToken(state.scan);
  return node;
}

function parseBlockSequence(state: ParseState, properties: Properties): YamlNode {
  const { scan } = state;
  const node = openCollection(state, "seq", properties);
  const start = peekToken(scan);
  skipToken(scan);
  for (;;) {
    const token = peekToken(scan);
    if (token.type === Token.blockEnd) break;
    if (token.type !== Token.blockEntry) {
      throw parseError(scan, "did not find expected '-' indicator", token, start);
    }
    skipToken(scan);
    const next = peekToken(scan);
    const empty = next.type === Token.blockEntry || next.type === Token.blockEnd;
    node.content.push(empty ? createEmptyScalar(scan, token) : parseNode(state, true, false));
  }
  skipToken(scan);
  return node;
}

/** A list under a key at the key's own indent: it has no end of its own. */
function parseIndentlessSequence(state: ParseState, properties: Properties): YamlNode {
  const { scan } = state;
  const node = openCollection(state, "seq", properties);
  for (let token = peekToken(scan); token.type === Token.blockEntry; token = peekToken(scan)) {
    skipToken(scan);
    const { type } = peekToken(scan);
    const empty = type === Token.blockEntry || endsBlockValue(type);
    node.content.push(empty ? createEmptyScalar(scan, token) : parseNode(state, true, false));
  }
  return node;
}

function endsBlockValue(type: number): boolean {
  return type === Token.key || type === Token.value || type === Token.blockEnd;
}

function parseBlockMapping(state: ParseState, properties: Properties): YamlNode {
  const { scan } = state;
  const node = openCollection(state, "map", properties);
  const start = peekToken(scan);
  skipToken(scan);
  for (;;) {
    const token = peekToken(scan);
    if (token.type === Token.blockEnd) break;
    if (token.type !== Token.key) {
      throw parseError(scan, "did not find expected key", token, start);
    }
    skipToken(scan);
    const empty = endsBlockValue(peekToken(scan).type);
    const key = empty ? createEmptyScalar(scan, token) : parseNode(state, true, true);
    // A null as a key is doubled where anchors are expanded.
    if (key.tag === Tag.null) state.shared = true;
    node.content.push(key, parseBlockValue(state));
  }
  skipToken(scan);
  return node;
}

function parseBlockValue(state: ParseState): YamlNode {
  const { scan } = state;
  const token = peekToken(scan);
  if (token.type !== Token.value) return createEmptyScalar(scan, token);
  skipToken(scan);
  if (endsBlockValue(peekToken(scan).type)) return createEmptyScalar(scan, token);
  return parseNode(state, true, true);
}
