import { BuildError } from "../errors.ts";
import {
  columnOf,
  createToken,
  isBreak,
  isBreakOrEnd,
  type Mark,
  markOf,
  type ScannedToken,
  type ScanState,
  type SimpleKey,
  scanError,
  Token,
  takeBreak,
} from "./scan-state.ts";

/** Deeper than this no manifest is; the real one stops at 10,000. */
const MAX_DEPTH = 1000;

/** Whether a colon here would still make it a key: on the same line, not too far behind. */
export function isKeyValid(s: ScanState, key: SimpleKey): boolean {
  if (!key.possible) return false;
  if (key.line >= s.line && key.index + 1024 >= s.pos) return true;
  if (key.required) throw scanError(s, "could not find expected ':'", key);
  key.possible = false;
  return false;
}

/** Steps over blanks, breaks and comments. */
export function skipToToken(s: ScanState): void {
  const { text } = s;
  for (;;) {
    let code = text.charCodeAt(s.pos);
    while (code === 32 || (code === 9 && (s.flowLevel > 0 || !s.keyAllowed))) {
      code = text.charCodeAt(++s.pos);
    }
    if (code === 0x23) skipComment(s);
    if (!isBreak(text.charCodeAt(s.pos))) return;
    takeBreak(s);
    if (s.flowLevel === 0) s.keyAllowed = true;
  }
}

function skipComment(s: ScanState): void {
  const from = s.pos;
  while (!isBreakOrEnd(s.text.charCodeAt(s.pos))) s.pos++;
  if (s.comments === undefined) return;
  const { line, lineStart } = s;
  const trailing = s.text.slice(lineStart, from).trim() !== "";
  const text = s.text.slice(from, s.pos);
  s.comments.push({ text, line, column: from - lineStart, index: from, trailing });
}

/** Remembers that a key may begin here; gives it so that its token can point at it. */
function saveKey(s: ScanState): SimpleKey | undefined {
  if (!s.keyAllowed) return undefined;
  removeKey(s);
  const column = s.pos - s.lineStart;
  const key = createKey(s, true, s.flowLevel === 0 && s.indent === column);
  s.keys[s.keys.length - 1] = key;
  return key;
}

function createKey(s: ScanState, possible: boolean, required: boolean): SimpleKey {
  return {
    index: s.pos,
    line: s.line,
    column: s.pos - s.lineStart,
    possible,
    required,
    tokenNumber: s.taken + (s.tokens.length - s.head),
  };
}

/** Gives up what might have been a simple key. Throws where one was required. */
export function removeKey(s: ScanState): void {
  const key = s.keys[s.keys.length - 1];
  if (key === undefined || !key.possible) return;
  if (key.required) throw scanError(s, "could not find expected ':'", key);
  key.possible = false;
}

export function fetchScalar(s: ScanState, scan: (s: ScanState) => ScannedToken): void {
  const key = saveKey(s);
  s.keyAllowed = false;
  const token = scan(s);
  token.key = key;
  s.tokens.push(token);
}

export function fetchFlowStart(s: ScanState, type: number): void {
  const key = saveKey(s);
  s.keys.push(createKey(s, false, false));
  if (++s.flowLevel > MAX_DEPTH) throw tooDeep(s);
  s.keyAllowed = true;
  pushIndicator(s, type);
  const token = s.tokens[s.tokens.length - 1];
  if (token !== undefined) token.key = key;
}

export function fetchFlowEnd(s: ScanState, type: number): void {
  removeKey(s);
  if (s.flowLevel > 0) {
    s.flowLevel--;
    s.keys.pop();
  }
  s.keyAllowed = false;
  pushIndicator(s, type);
}

export function fetchBlockEntry(s: ScanState): void {
  if (s.flowLevel === 0) {
    if (!s.keyAllowed) {
      throw scanError(s, "block sequence entries are not allowed in this context", markOf(s));
    }
    rollIndent(s, markOf(s), Token.blockSequenceStart);
  }
  removeKey(s);
  s.keyAllowed = true;
  pushIndicator(s, Token.blockEntry);
}

export function fetchKey(s: ScanState): void {
  if (s.flowLevel === 0) {
    if (!s.keyAllowed) {
      throw scanError(s, "mapping keys are not allowed in this context", markOf(s));
    }
    rollIndent(s, markOf(s), Token.blockMappingStart);
  }
  removeKey(s);
  s.keyAllowed = s.flowLevel === 0;
  pushIndicator(s, Token.key);
}

export function fetchValue(s: ScanState): void {
  const key = s.keys[s.keys.length - 1];
  if (key !== undefined && isKeyValid(s, key)) {
    const at = s.head + key.tokenNumber - s.taken;
    insertToken(s, at, createToken(Token.key, key));
    rollIndent(s, key, Token.blockMappingStart, at);
    key.possible = false;
    s.keyAllowed = false;
  } else {
    if (s.flowLevel === 0) {
      if (!s.keyAllowed) {
        throw scanError(s, "mapping values are not allowed in this context", markOf(s));
      }
      rollIndent(s, markOf(s), Token.blockMappingStart);
    }
    s.keyAllowed = s.flowLevel === 0;
  }
  pushIndicator(s, Token.value);
}

/** Opens a block collection when the text has moved to the right. */
function rollIndent(s: ScanState, mark: Mark, type: number, at = s.tokens.length): void {
  if (s.flowLevel > 0 || s.indent >= mark.column) return;
  s.indents.push(s.indent);
  s.indent = mark.column;
  if (s.indents.length > MAX_DEPTH) throw tooDeep(s);
  insertToken(s, at, createToken(type, mark));
}

/** A key is found out behind its scalar, which is nearly always the last token. */
function insertToken({ tokens }: ScanState, at: number, token: ScannedToken): void {
  if (at < tokens.length - 1) {
    tokens.splice(at, 0, token);
    return;
  }
  const last = at < tokens.length ? tokens.pop() : undefined;
  tokens.push(token);
  if (last !== undefined) tokens.push(last);
}

/** Closes the block collections that the text has moved out of. */
export function unrollIndent(s: ScanState, column: number): void {
  if (s.flowLevel > 0) return;
  while (s.indent > column) {
    s.tokens.push(createToken(Token.blockEnd, markOf(s)));
    s.indent = s.indents.pop() ?? -1;
  }
}

export function fetchStreamEnd(s: ScanState): void {
  if (columnOf(s) !== 0) {
    s.line++;
    s.lineStart = s.pos;
  }
  endBlock(s);
  s.tokens.push(createToken(Token.streamEnd, markOf(s)));
}

export function fetchDocumentIndicator(s: ScanState, code: number): void {
  endBlock(s);
  s.tokens.push(createToken(code === 0x2d ? Token.documentStart : Token.documentEnd, markOf(s)));
  s.pos += 3;
}

/** Ends every open block, as the end of a document does. */
export function endBlock(s: ScanState): void {
  unrollIndent(s, -1);
  removeKey(s);
  s.keyAllowed = false;
}

export function pushIndicator(s: ScanState, type: number): void {
  s.tokens.push(createToken(type, markOf(s)));
  s.pos++;
}

function tooDeep(s: ScanState): BuildError {
  const place = { file: s.file, line: s.line + s.lineOffset + 1, column: columnOf(s) + 1 };
  return new BuildError("YAML_TOO_DEEP", `yaml: exceeded max depth of ${MAX_DEPTH}`, place);
}
