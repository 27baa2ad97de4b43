import { Style, Tag, type YamlNode } from "./node.ts";
import {
  createAt,
  createEmptyScalar,
  openCollection,
  type ParseState,
  type Properties,
  parseError,
} from "./parse-state.ts";
import { type ScannedToken, Token } from "./scan-state.ts";
import { peekToken, skipToken } from "./scanner.ts";

/** `[a, b]` */
export function parseFlowSequence(state: ParseState, properties: Properties): YamlNode {
  const { scan } = state;
  const node = openCollection(state, "seq", properties);
  node.style |= Style.flow;
  const start = peekToken(scan);
  skipToken(scan);
  for (let first = true; ; first = false) {
    let token = peekToken(scan);
    if (token.type === Token.flowSequenceEnd) break;
    if (!first) {
      if (token.type !== Token.flowEntry) {
        throw parseError(scan, "did not find expected ',' or ']'", token, start);
      }
      skipToken(scan);
      token = peekToken(scan);
      if (token.type === Token.flowSequenceEnd) break;
    }
    const single = token.type === Token.key;
    node.content.push(
      single ? parseSinglePair(state, token) : state.parseNode(state, false, false),
    );
  }
  skipToken(scan);
  return node;
}

/** `[a: b]` holds a map of one pair. */
function parseSinglePair(state: ParseState, start: ScannedToken): YamlNode {
  const { scan } = state;
  const node = createAt(scan, "map", "", start);
  node.tag = Tag.map;
  node.style = Style.flow;
  skipToken(scan);
  const ends = [Token.value, Token.flowEntry, Token.flowSequenceEnd] as const;
  const next = peekToken(scan);
  const empty = ends.some((type) => type === next.type);
  const key = empty ? createEmptyScalar(scan, next) : state.parseNode(state, false, false);
  if (key.tag === Tag.null) state.shared = true;
  node.content.push(key, parseFlowValue(state, Token.flowSequenceEnd));
  return node;
}

/** `{a: b}` */
export function parseFlowMapping(state: ParseState, properties: Properties): YamlNode {
  const { scan } = state;
  const node = openCollection(state, "map", properties);
  node.style |= Style.flow;
  const start = peekToken(scan);
  skipToken(scan);
  for (let first = true; ; first = false) {
    let token = peekToken(scan);
    if (token.type === Token.flowMappingEnd) break;
    if (!first) {
      if (token.type !== Token.flowEntry) {
        throw parseError(scan, "did not find expected ',' or '}'", token, start);
      }
      skipToken(scan);
      token = peekToken(scan);
      if (token.type === Token.flowMappingEnd) break;
    }
    parseFlowPair(state, node);
  }
  skipToken(scan);
  return node;
}

function parseFlowPair(state: ParseState, node: YamlNode): void {
  const { scan } = state;
  if (peekToken(scan).type !== Token.key) {
    const only = state.parseNode(state, false, false);
    if (only.tag === Tag.null) state.shared = true;
    node.content.push(only, createEmptyScalar(scan, peekToken(scan)));
    return;
  }
  skipToken(scan);
  const next = peekToken(scan);
  const { type } = next;
  const empty = type === Token.value || type === Token.flowEntry || type === Token.flowMappingEnd;
  const key = empty ? createEmptyScalar(scan, next) : state.parseNode(state, false, false);
  if (key.tag === Tag.null) state.shared = true;
  node.content.push(key, parseFlowValue(state, Token.flowMappingEnd));
}

function parseFlowValue(state: ParseState, end: number): YamlNode {
  const { scan } = state;
  const token = peekToken(scan);
  if (token.type !== Token.value) return createEmptyScalar(scan, token);
  skipToken(scan);
  const { type } = peekToken(scan);
  if (type === Token.flowEntry || type === end) return createEmptyScalar(scan, token);
  return state.parseNode(state, false, false);
}
