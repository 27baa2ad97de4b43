import { BuildError } from "../errors.ts";
import { scanBlock } from "./scan-block.ts";
import { scanAlias, scanAnchor, scanDirective, scanTag } from "./scan-properties.ts";
import { scanDoubleQuoted, scanPlain, scanSingleQuoted } from "./scan-scalars.ts";
import {
  type Comment,
  columnOf,
  isDocumentIndicator,
  isSeparator,
  markOf,
  type ScannedToken,
  type ScanState,
  scanError,
  Token,
} from "./scan-state.ts";
import {
  endBlock,
  fetchBlockEntry,
  fetchDocumentIndicator,
  fetchFlowEnd,
  fetchFlowStart,
  fetchKey,
  fetchScalar,
  fetchStreamEnd,
  fetchValue,
  isKeyValid,
  pushIndicator,
  removeKey,
  skipToToken,
  unrollIndent,
} from "./scan-structure.ts";

/** What no YAML reader takes (go-yaml readerc.go): controls, and the two non-characters. */
const CONTROLS = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]/u;

export interface ScanOptions {
  readonly file: string;
  readonly dialect?: "v2" | "v3";
  /** Comments are collected only when somebody wants them. */
  readonly comments?: Comment[] | undefined;
  /** The lines of the file before the text. */
  readonly lineOffset?: number;
}

export function createScanner(text: string, options: ScanOptions): ScanState {
  const { file, dialect = "v3", comments, lineOffset = 0 } = options;
  const control = CONTROLS.exec(text);
  if (control !== null) {
    const before = text.slice(0, control.index).split("\n");
    const place = {
      file,
      line: before.length + lineOffset,
      column: (before.at(-1)?.length ?? 0) + 1,
    };
    throw new BuildError("YAML_SYNTAX", "yaml: control characters are not allowed", place);
  }
  return {
    text: `${text.charCodeAt(0) === 0xfeff ? text.slice(1) : text}\0\0\0\0`,
    file,
    dialect,
    comments,
    lineOffset,
    pos: 0,
    line: 0,
    lineStart: 0,
    tokens: [],
    head: 0,
    taken: 0,
    indent: -1,
    indents: [],
    keys: [{ index: 0, line: 0, column: 0, possible: false, required: false, tokenNumber: 0 }],
    keyAllowed: true,
    flowLevel: 0,
  };
}

/** The next token, left where it is. */
export function peekToken(s: ScanState): ScannedToken {
  // go-yaml v3 reads two tokens more than the next, for its comments: that decides which of two
  // mistakes is found first.
  const ahead = s.dialect === "v3" ? 2 : 0;
  while (s.head >= s.tokens.length - ahead || isKeyOpen(s)) fetchToken(s);
  const token = s.tokens[s.head];
  if (token === undefined) throw new RangeError("The scanner gave no token");
  return token;
}

export function skipToken(s: ScanState): void {
  s.head++;
  s.taken++;
  if (s.head < 256) return;
  s.tokens.splice(0, s.head);
  s.head = 0;
}

/** Whether the next token may still turn out to be a key, so that `key` must go before it. */
function isKeyOpen(s: ScanState): boolean {
  const key = s.tokens[s.head]?.key;
  return key !== undefined && isKeyValid(s, key);
}

function fetchToken(s: ScanState): void {
  skipToToken(s);
  unrollIndent(s, columnOf(s));
  const code = s.text.charCodeAt(s.pos);
  const atLineStart = s.pos === s.lineStart;
  if (code === 0) {
    fetchStreamEnd(s);
    return;
  }
  if (atLineStart && code === 0x25) {
    fetchDirective(s);
    return;
  }
  if (isDocumentIndicator(s)) {
    fetchDocumentIndicator(s, code);
    return;
  }
  fetchIndicator(s, code);
}

function fetchIndicator(s: ScanState, code: number): void {
  switch (code) {
    case 0x5b:
    case 0x7b:
    case 0x5d:
    case 0x7d:
    case 0x2c:
      fetchFlowIndicator(s, code);
      return;
    case 0x2d:
    case 0x3f:
    case 0x3a:
      fetchBlockIndicator(s, code);
      return;
    case 0x2a:
    case 0x26:
      fetchScalar(s, code === 0x2a ? scanAlias : scanAnchor);
      return;
    case 0x21:
      fetchScalar(s, scanTag);
      return;
    case 0x27:
    case 0x22:
      fetchScalar(s, code === 0x27 ? scanSingleQuoted : scanDoubleQuoted);
      return;
    case 0x7c:
    case 0x3e:
      if (s.flowLevel > 0) break;
      removeKey(s);
      s.keyAllowed = true;
      s.tokens.push(scanBlock(s, code === 0x7c));
      return;
    case 0x23:
    case 0x25:
    case 0x40:
    case 0x60:
    case 9:
      break;
    default:
      fetchScalar(s, scanPlain);
      return;
  }
  throw scanError(s, "found character that cannot start any token", markOf(s));
}

/** `[`, `{`, `]`, `}` and `,`. */
function fetchFlowIndicator(s: ScanState, code: number): void {
  if (code === 0x5b) fetchFlowStart(s, Token.flowSequenceStart);
  else if (code === 0x7b) fetchFlowStart(s, Token.flowMappingStart);
  else if (code === 0x5d) fetchFlowEnd(s, Token.flowSequenceEnd);
  else if (code === 0x7d) fetchFlowEnd(s, Token.flowMappingEnd);
  else {
    removeKey(s);
    s.keyAllowed = true;
    pushIndicator(s, Token.flowEntry);
  }
}

/** `-`, `?` and `:` are indicators before a blank, the last two in flow collections always. */
function fetchBlockIndicator(s: ScanState, code: number): void {
  const isIndicator =
    isSeparator(s.text.charCodeAt(s.pos + 1)) || (code !== 0x2d && s.flowLevel > 0);
  if (!isIndicator) fetchScalar(s, scanPlain);
  else if (code === 0x3a) fetchValue(s);
  else if (code === 0x2d) fetchBlockEntry(s);
  else fetchKey(s);
}

function fetchDirective(s: ScanState): void {
  endBlock(s);
  s.tokens.push(scanDirective(s));
}
