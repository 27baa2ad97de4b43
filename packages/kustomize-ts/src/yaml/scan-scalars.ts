import { Style } from "./node.ts";
import {
  columnOf,
  createToken,
  isBlank,
  isBreak,
  isDocumentIndicator,
  isSeparator,
  type Mark,
  markOf,
  type ScannedToken,
  type ScanState,
  scanError,
  Token,
  takeBreak,
} from "./scan-state.ts";

/** Reads a scalar without quotes: lines folded, up to `: `, ` #` or a lesser indent. */
export function scanPlain(s: ScanState): ScannedToken {
  const start = markOf(s);
  const indent = s.indent + 1;
  let value = "";
  let from = s.pos;
  let to = s.pos;
  /** The breaks met since the last word; undefined while still on the same line. */
  let breaks: string[] | undefined;
  while (!isDocumentIndicator(s) && s.text.charCodeAt(s.pos) !== 0x23) {
    const end = findWordEnd(s);
    if (end > s.pos) {
      if (breaks !== undefined) {
        value += s.text.slice(from, to) + foldBreaks(breaks);
        breaks = undefined;
        from = s.pos;
      }
      s.pos = end;
      to = end;
    }
    if (!isBlank(s.text.charCodeAt(s.pos)) && !isBreak(s.text.charCodeAt(s.pos))) break;
    breaks = skipBlanks(s, { breaks, indent, start });
    if (s.flowLevel === 0 && columnOf(s) < indent) break;
  }
  value = value === "" ? s.text.slice(from, to) : value + s.text.slice(from, to);
  if (breaks !== undefined) s.keyAllowed = true;
  return createToken(Token.scalar, start, value);
}

/** Where the run of characters that are no blanks ends, or the plain scalar with it. */
function findWordEnd(s: ScanState): number {
  const { text } = s;
  const inFlow = s.flowLevel > 0;
  for (let at = s.pos; ; at++) {
    const code = text.charCodeAt(at);
    if (isSeparator(code)) return at;
    if (code === 0x3a && isSeparator(text.charCodeAt(at + 1))) return at;
    if (inFlow && isFlowIndicator(code)) return at;
  }
}

/** `,` `?` `[` `]` `{` `}` end a plain scalar inside a flow collection. */
function isFlowIndicator(code: number): boolean {
  return (
    code === 0x2c ||
    code === 0x3f ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7b ||
    code === 0x7d
  );
}

function skipBlanks(
  s: ScanState,
  { breaks, indent, start }: { breaks: string[] | undefined; indent: number; start: Mark },
): string[] | undefined {
  let found = breaks;
  for (;;) {
    const code = s.text.charCodeAt(s.pos);
    if (isBlank(code)) {
      if (found !== undefined && code === 9 && columnOf(s) < indent) {
        throw scanError(s, "found a tab character that violates indentation", start);
      }
      s.pos++;
    } else if (isBreak(code)) {
      found ??= [];
      found.push(takeBreak(s));
    } else {
      return found;
    }
  }
}

/** One break is a space, more are one less; a break that is no newline stays. */
function foldBreaks(breaks: readonly string[]): string {
  const [first, ...others] = breaks;
  if (first !== "\n") return breaks.join("");
  return others.length === 0 ? " " : others.join("");
}

/** Reads a scalar in single quotes. */
export function scanSingleQuoted(s: ScanState): ScannedToken {
  return scanQuoted(s, true);
}

/** Reads a scalar in double quotes. */
export function scanDoubleQuoted(s: ScanState): ScannedToken {
  return scanQuoted(s, false);
}

function scanQuoted(s: ScanState, single: boolean): ScannedToken {
  const start = markOf(s);
  const style = single ? Style.singleQuoted : Style.doubleQuoted;
  s.pos++;
  let value = "";
  for (;;) {
    if (isDocumentIndicator(s)) throw scanError(s, "found unexpected document indicator", start);
    if (s.text.charCodeAt(s.pos) === 0) throw scanError(s, "found unexpected end of stream", start);
    const words = single ? takeSingleQuoted(s) : takeDoubleQuoted(s, start);
    value += words.text;
    if (words.closed) break;
    value += takeQuotedBlanks(s, words.joined);
  }
  return createToken(Token.scalar, start, value, "", style);
}

interface QuotedRun {
  readonly text: string;
  readonly closed: boolean;
  /** The line ended with an escaped break, so its blanks do not count. */
  readonly joined: boolean;
}

function takeSingleQuoted(s: ScanState): QuotedRun {
  const { text } = s;
  let from = s.pos;
  let taken = "";
  for (;;) {
    const code = text.charCodeAt(s.pos);
    if (code === 0x27) {
      if (text.charCodeAt(s.pos + 1) !== 0x27) {
        taken += text.slice(from, s.pos++);
        return { text: taken, closed: true, joined: false };
      }
      taken += text.slice(from, s.pos + 1);
      s.pos += 2;
      from = s.pos;
    } else if (isSeparator(code)) {
      return { text: taken + text.slice(from, s.pos), closed: false, joined: false };
    } else {
      s.pos++;
    }
  }
}

function takeDoubleQuoted(s: ScanState, start: Mark): QuotedRun {
  const { text } = s;
  let from = s.pos;
  let taken = "";
  for (;;) {
    const code = text.charCodeAt(s.pos);
    if (code === 0x22) {
      taken += text.slice(from, s.pos++);
      return { text: taken, closed: true, joined: false };
    }
    if (code === 0x5c) {
      taken += text.slice(from, s.pos++);
      if (isBreak(text.charCodeAt(s.pos))) {
        takeBreak(s);
        return { text: taken, closed: false, joined: true };
      }
      taken += takeEscape(s, start);
      from = s.pos;
    } else if (isSeparator(code)) {
      return { text: taken + text.slice(from, s.pos), closed: false, joined: false };
    } else {
      s.pos++;
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function takeEscape(s: ScanState, start: Mark): string {
  const letter = s.text.charAt(s.pos);
  const length = Object.hasOwn(HEX_LENGTHS, letter) ? HEX_LENGTHS[letter] : undefined;
  if (length === undefined) {
    const escaped = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (escaped === undefined) throw scanError(s, "found unknown escape character", start);
    s.pos++;
    return escaped;
  }
  const digits = s.text.slice(s.pos + 1, s.pos + 1 + length);
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
    throw scanError(s, "did not find expected hexdecimal number", start);
  }
  const point = Number.parseInt(digits, 16);
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
    throw scanError(s, "found invalid Unicode character escape code", start);
  }
  s.pos += 1 + length;
  return String.fromCodePoint(point);
}

/** Blanks inside quotes: kept within a line, folded across lines. */
function takeQuotedBlanks(s: ScanState, joined: boolean): string {
  let blanks = "";
  let breaks: string[] | undefined;
  for (;;) {
    const code = s.text.charCodeAt(s.pos);
    if (isBlank(code)) {
      if (breaks === undefined && !joined) blanks += s.text.charAt(s.pos);
      s.pos++;
    } else if (isBreak(code)) {
      breaks ??= [];
      breaks.push(takeBreak(s));
    } else {
      if (breaks === undefined) return blanks;
      return joined ? breaks.join("") : foldBreaks(breaks);
    }
  }
}
