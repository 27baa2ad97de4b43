import { isBlank, isBreak, isSeparator } from "./scan-state.ts";

/** In which forms a text may be written (libyaml's `analyze_scalar`, for block context). */
export interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
  /** Whether it may stand plain inside a flow collection. */
  readonly flowPlain: boolean;
}

const ALWAYS_INDICATORS = new Set([..."#,[]{}&*!|>'\"%@`"].map((char) => char.charCodeAt(0)));
const FLOW_INDICATORS = new Set([...",?[]{}"].map((char) => char.charCodeAt(0)));

/** Printable in the sense of libyaml: no tab, no byte order mark, nothing outside the basic plane. */
export function isPrintable(code: number): boolean {
  if (code >= 0x20 && code <= 0x7e) return true;
  if (code === 0x0a) return true;
  if (code < 0xa0) return false;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfeff && code < 0xfffe;
}

interface Found {
  blockIndicators: boolean;
  flowIndicators: boolean;
  lineBreaks: boolean;
  special: boolean;
  tabs: boolean;
  edgeSpace: boolean;
  trailingSpace: boolean;
  edgeBreak: boolean;
  breakSpace: boolean;
  spaceBreak: boolean;
}

/** With `tabs` set to "own", as go-yaml v3 does, a tab may stand in a block scalar. */
export function analyzeScalar(text: string, tabs: "own" | "special"): Analysis {
  if (text === "") {
    return { multiline: false, plain: true, singleQuoted: true, block: false, flowPlain: false };
  }
  const found = scanCharacters(text, tabs);
  const { special, spaceBreak, breakSpace } = found;
  const unsafe = spaceBreak || special;
  const plain = !(
    found.edgeSpace ||
    found.edgeBreak ||
    breakSpace ||
    unsafe ||
    found.tabs ||
    found.lineBreaks
  );
  return {
    multiline: found.lineBreaks,
    plain: plain && !found.blockIndicators,
    flowPlain: plain && !found.flowIndicators,
    singleQuoted: !(breakSpace || unsafe || found.tabs),
    block: !(found.trailingSpace || unsafe),
  };
}

function scanCharacters(text: string, tabs: "own" | "special"): Found {
  const start = text.startsWith("---") || text.startsWith("...");
  const found: Found = {
    blockIndicators: start,
    flowIndicators: start,
    lineBreaks: false,
    special: false,
    tabs: false,
    edgeSpace: false,
    trailingSpace: false,
    edgeBreak: false,
    breakSpace: false,
    spaceBreak: false,
  };
  const last = text.length - 1;
  let previousSpace = false;
  let previousBreak = false;
  let afterSeparator = true;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    const beforeBlank = i === last || isBlank(text.charCodeAt(i + 1));
    noteIndicator(found, code, { first: i === 0, beforeBlank, afterSeparator });
    if (code === 9 && tabs === "own") found.tabs = true;
    else if (!isPrintable(code)) found.special = true;
    const isSpace = code === 32;
    const isLineBreak = !isSpace && isBreak(code);
    if (isSpace) {
      if (i === 0 || i === last) found.edgeSpace = true;
      if (i === last) found.trailingSpace = true;
      if (previousBreak) found.breakSpace = true;
    } else if (isLineBreak) {
      found.lineBreaks = true;
      if (i === 0 || i === last) found.edgeBreak = true;
      if (previousSpace) found.spaceBreak = true;
    }
    previousSpace = isSpace;
    previousBreak = isLineBreak;
    afterSeparator = isSeparator(code);
  }
  return found;
}

function noteIndicator(
  found: Found,
  code: number,
  {
    first,
    beforeBlank,
    afterSeparator,
  }: Record<"afterSeparator" | "beforeBlank" | "first", boolean>,
): void {
  // Letters and digits are nearly everything, so they leave at once.
  if (code > 0x7d || (code > 0x60 && code < 0x7b) || (code > 0x2d && code < 0x3a)) return;
  if (first && ALWAYS_INDICATORS.has(code)) {
    found.flowIndicators = true;
    found.blockIndicators = true;
  } else if (first && (code === 0x3f || code === 0x3a)) {
    found.flowIndicators = true;
    if (beforeBlank) found.blockIndicators = true;
  } else if (first) {
    if (code === 0x2d && beforeBlank) {
      found.flowIndicators = true;
      found.blockIndicators = true;
    }
  } else if (code === 0x3a) {
    found.flowIndicators = true;
    if (beforeBlank) found.blockIndicators = true;
  } else if (code === 0x23) {
    if (!afterSeparator) return;
    found.flowIndicators = true;
    found.blockIndicators = true;
  } else if (FLOW_INDICATORS.has(code)) {
    found.flowIndicators = true;
  }
}
