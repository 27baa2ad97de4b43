import { type Span, SpanBuilder, sliceSpan, sourceRange } from "./span.ts";

// RFC 3986 §2.3: these mean the same encoded or not.
const UNRESERVED = /[A-Za-z0-9\-._~]/;
// What a browser encodes in a path (WHATWG URL, path percent-encode set), and the backslash.
const ENCODED = new Set([...' "<>`{}^|'].map((character) => character.charCodeAt(0)));
// 1 for what stays as it is: nearly every character of nearly every URL, so that a table is worth it.
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  code === 0x25 || code === 0x5c || code <= 0x20 || code === 0x7f || ENCODED.has(code) ? 0 : 1,
);
const ESCAPES = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);
/** How a browser encodes half a surrogate pair: as U+FFFD. */
const LOST = "%EF%BF%BD";

/** Whether a piece of path or query is already as `normaliseEscapes` would leave it. */
function isPlain(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 128 || PLAIN[code] !== 1) return false;
  }
  return true;
}

function escapeByte(byte: number): string {
  return ESCAPES[byte] ?? "";
}

/**
 * One spelling for each character of a path or query: escapes of unreserved characters decoded, the
 * others in upper case, everything a browser would encode encoded (lone surrogates as U+FFFD), a
 * stray `%` as `%25`. With `slashes`, a backslash is a slash, as in the paths of web URLs.
 */
export function normaliseEscapes(span: Span, slashes: boolean): Span {
  const { text } = span;
  if (isPlain(text, 0, text.length)) return span;
  const built = new SpanBuilder();
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    const byte = code === 0x25 ? parseByte(text, i + 1) : undefined;
    const step = byte === undefined ? width : 3;
    built.add(
      spell(text.slice(i, i + width), code, byte, slashes),
      ...sourceRange(span, i, i + step),
    );
    i += step;
  }
  return built.build();
}

function spell(character: string, code: number, byte: number | undefined, slashes: boolean) {
  if (byte !== undefined) {
    const decoded = String.fromCharCode(byte);
    return UNRESERVED.test(decoded) ? decoded : escapeByte(byte);
  }
  if (code === 0x25) return "%25";
  if (code === 0x5c && slashes) return "/";
  if (code > 0x20 && code < 0x7f && !ENCODED.has(code)) return character;
  if (code < 0x80) return escapeByte(code);
  // Beyond ASCII this is UTF-8 in escapes of capitals.
  return code >= 0xd800 && code <= 0xdfff ? LOST : encodeURIComponent(character);
}

function parseByte(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 2);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** A path without its `.` and `..` segments (RFC 3986 §5.2.4) and without slashes at its end. */
export function resolveDots(span: Span): Span {
  const { text } = span;
  if (!text.includes("/.")) return stripTail(span);
  const kept: [number, number][] = [];
  for (let from = 0; from < text.length; ) {
    const next = text.indexOf("/", from + 1);
    const to = next === -1 ? text.length : next;
    const segment = text.slice(from, to);
    if (segment === "/..") kept.pop();
    else if (segment !== "/.") kept.push([from, to]);
    from = to;
  }
  const built = new SpanBuilder();
  for (const [from, to] of kept) built.copy(span, from, to);
  return stripTail(built.build());
}

/** A span without slashes and single quotes at its end; a quote is what closed the text around the URL. */
export function stripTail(span: Span): Span {
  let to = span.text.length;
  for (; to > 0; to -= 1) {
    const code = span.text.charCodeAt(to - 1);
    if (code !== 0x2f && code !== 0x27) break;
  }
  return to === span.text.length ? span : sliceSpan(span, 0, to);
}
