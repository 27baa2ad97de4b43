import { Style } from "./node.ts";
import {
  columnOf,
  createToken,
  isBlank,
  isBreak,
  isBreakOrEnd,
  type Mark,
  markOf,
  type ScannedToken,
  type ScanState,
  scanError,
  Token,
  takeBreak,
} from "./scan-state.ts";

/** Reads a literal (`|`) or folded (`>`) scalar. */
export function scanBlock(s: ScanState, literal: boolean): ScannedToken {
  const start = markOf(s);
  s.pos++;
  const { chomping, increment } = scanBlockHeader(s, start);
  let indent = increment === 0 ? 0 : Math.max(s.indent, 0) + increment;
  let value = "";
  let leadingBreak = "";
  let breaks = "";
  let leadingBlank = false;
  const first = scanBlockBreaks(s, indent, start);
  indent = first.indent;
  breaks = first.breaks;
  while (columnOf(s) === indent && s.text.charCodeAt(s.pos) !== 0) {
    const blank = isBlank(s.text.charCodeAt(s.pos));
    if (!literal && !leadingBlank && !blank && leadingBreak === "\n") {
      if (breaks === "") value += " ";
    } else {
      value += leadingBreak;
    }
    value += breaks;
    leadingBlank = blank;
    const from = s.pos;
    while (!isBreakOrEnd(s.text.charCodeAt(s.pos))) s.pos++;
    value += s.text.slice(from, s.pos);
    leadingBreak = s.text.charCodeAt(s.pos) === 0 ? "" : takeBreak(s);
    breaks = scanBlockBreaks(s, indent, start).breaks;
  }
  if (chomping !== -1) value += leadingBreak;
  if (chomping === 1) value += breaks;
  return createToken(Token.scalar, start, value, "", literal ? Style.literal : Style.folded);
}

function scanBlockHeader(s: ScanState, start: Mark): { chomping: number; increment: number } {
  let chomping = 0;
  let increment = 0;
  for (let part = 0; part < 2; part++) {
    const code = s.text.charCodeAt(s.pos);
    if ((code === 0x2b || code === 0x2d) && chomping === 0) {
      chomping = code === 0x2b ? 1 : -1;
      s.pos++;
    } else if (code >= 0x30 && code <= 0x39 && increment === 0) {
      if (code === 0x30) throw scanError(s, "found an indentation indicator equal to 0", start);
      increment = code - 0x30;
      s.pos++;
    }
  }
  while (isBlank(s.text.charCodeAt(s.pos))) s.pos++;
  if (s.text.charCodeAt(s.pos) === 0x23) {
    const from = s.pos;
    while (!isBreakOrEnd(s.text.charCodeAt(s.pos))) s.pos++;
    const text = s.text.slice(from, s.pos);
    const { line } = s;
    s.comments?.push({ text, line, column: from - s.lineStart, index: from, trailing: true });
  }
  if (!isBreakOrEnd(s.text.charCodeAt(s.pos))) {
    throw scanError(s, "did not find expected comment or line break", start);
  }
  if (s.text.charCodeAt(s.pos) !== 0) takeBreak(s);
  return { chomping, increment };
}

/** Blank lines before a line of a block scalar; finds the indent by the first line when it is 0. */
function scanBlockBreaks(
  s: ScanState,
  known: number,
  start: Mark,
): { indent: number; breaks: string } {
  let breaks = "";
  let deepest = 0;
  for (;;) {
    while ((known === 0 || columnOf(s) < known) && s.text.charCodeAt(s.pos) === 32) s.pos++;
    if (columnOf(s) > deepest) deepest = columnOf(s);
    const code = s.text.charCodeAt(s.pos);
    if ((known === 0 || columnOf(s) < known) && code === 9) {
      throw scanError(s, "found a tab character where an indentation space is expected", start);
    }
    if (!isBreak(code)) break;
    breaks += takeBreak(s);
  }
  const indent = known === 0 ? Math.max(deepest, s.indent + 1, 1) : known;
  return { indent, breaks };
}
