import {
  createToken,
  isBlank,
  isBreakOrEnd,
  isSeparator,
  type Mark,
  markOf,
  type ScannedToken,
  type ScanState,
  scanError,
  Token,
  takeBreak,
} from "./scan-state.ts";

const NAME = /[0-9A-Za-z_-]*/y;
/** Flow indicators belong to a tag everywhere (scannerc.go), so that `[!x, b]` is a list of one. */
const URI = /(?:[0-9A-Za-z_;/?:@&=+$.!~*'()[\],-]|%[0-9A-Fa-f]{2})*/y;

function matchAt(s: ScanState, pattern: RegExp): string {
  pattern.lastIndex = s.pos;
  const found = pattern.exec(s.text)?.[0] ?? "";
  s.pos += found.length;
  return found;
}

/** Reads `&name`. */
export function scanAnchor(s: ScanState): ScannedToken {
  return scanName(s, Token.anchor);
}

/** Reads `*name`. */
export function scanAlias(s: ScanState): ScannedToken {
  return scanName(s, Token.alias);
}

function scanName(s: ScanState, type: number): ScannedToken {
  const start = markOf(s);
  s.pos++;
  const value = matchAt(s, NAME);
  const next = s.text.charAt(s.pos);
  if (value === "" || !(isSeparator(next.charCodeAt(0)) || "?:,]}%@`".includes(next))) {
    throw scanError(s, "did not find expected alphabetic or numeric character", start);
  }
  return createToken(type, start, value);
}

/** Reads `!`, `!suffix`, `!!suffix`, `!handle!suffix` or `!<uri>`. */
export function scanTag(s: ScanState): ScannedToken {
  const start = markOf(s);
  const { value, suffix } = s.text.charCodeAt(s.pos + 1) === 0x3c ? verbatim() : shorthand();
  if (!isSeparator(s.text.charCodeAt(s.pos))) {
    throw scanError(s, "did not find expected whitespace or line break", start);
  }
  return createToken(Token.tag, start, value, suffix);

  function verbatim(): { value: string; suffix: string } {
    s.pos += 2;
    const uri = matchAt(s, URI);
    if (s.text.charCodeAt(s.pos) !== 0x3e)
      throw scanError(s, "did not find the expected '>'", start);
    s.pos++;
    return { value: "", suffix: decodeUri(s, uri, start) };
  }

  function shorthand(): { value: string; suffix: string } {
    s.pos++;
    const name = matchAt(s, NAME);
    if (s.text.charCodeAt(s.pos) === 0x21) {
      s.pos++;
      const uri = matchAt(s, URI);
      if (uri === "") throw scanError(s, "did not find expected tag URI", start);
      return { value: `!${name}!`, suffix: decodeUri(s, uri, start) };
    }
    const uri = name + matchAt(s, URI);
    return uri === ""
      ? { value: "", suffix: "!" }
      : { value: "!", suffix: decodeUri(s, uri, start) };
  }
}

function decodeUri(s: ScanState, uri: string, start: Mark): string {
  if (!uri.includes("%")) return uri;
  const decoded = tryDecodeUri(uri);
  if (decoded === undefined) throw scanError(s, "found an incorrect leading UTF-8 octet", start);
  return decoded;
}

function tryDecodeUri(uri: string): string | undefined {
  try {
    return decodeURIComponent(uri);
  } catch {
    return undefined;
  }
}

/** Reads `%YAML 1.1` or `%TAG !handle! prefix`; the value is the name, the suffix the rest. */
export function scanDirective(s: ScanState): ScannedToken {
  const start = markOf(s);
  s.pos++;
  const name = matchAt(s, NAME);
  if (name === "") throw scanError(s, "could not find expected directive name", start);
  if (!isSeparator(s.text.charCodeAt(s.pos))) {
    throw scanError(s, "found unexpected non-alphabetical character", start);
  }
  if (name !== "YAML" && name !== "TAG") throw scanError(s, "found unknown directive name", start);
  const from = s.pos;
  while (!isBreakOrEnd(s.text.charCodeAt(s.pos))) s.pos++;
  const rest = s.text.slice(from, s.pos);
  const comment = rest.search(/[ \t]#/);
  const suffix = (comment < 0 ? rest : rest.slice(0, comment)).trim();
  const wanted = name === "YAML" ? /^\d+\.\d+$/ : /^!(?:[0-9A-Za-z_-]*!)?[ \t]+\S+$/;
  if (!wanted.test(suffix) || !isBlank(rest.charCodeAt(0))) {
    throw scanError(s, "did not find expected comment or line break", start);
  }
  if (s.text.charCodeAt(s.pos) !== 0) takeBreak(s);
  return createToken(Token.directive, start, name, suffix);
}
