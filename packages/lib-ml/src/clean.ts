import { type Span, SpanBuilder } from "./span.ts";

const QUOTES = "\"'<>";

/** C0 controls and the blank around a URL are dropped (WHATWG URL, basic parser, step 1), quotes too. */
function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0xfeff;
}

function isEdge(url: string, at: number): boolean {
  const code = url.charCodeAt(at);
  // Letters, digits and most of what a URL begins and ends with.
  if (code > 0x3e && code < 0x7f) return false;
  return isBlank(code) || QUOTES.includes(url.charAt(at));
}

/**
 * Trims blanks and quotes, removes tab and line breaks (as a browser does), and puts back the dots
 * of "defanged" text: `example[.]com`.
 */
export function cleanUrl(url: string): Span {
  let from = 0;
  let to = url.length;
  while (from < to && isEdge(url, from)) from += 1;
  while (to > from && isEdge(url, to - 1)) to -= 1;
  const text = url.slice(from, to);
  if (!/[\t\n\r]|\[\.\]/.test(text)) return { text, start: from };
  const built = new SpanBuilder();
  for (const match of text.matchAll(/[\t\n\r]|\[\.\]|[^\t\n\r[]+|\[/g)) {
    const [piece] = match;
    const at = from + match.index;
    if (piece === "[.]") built.add(".", at, at + 3);
    else if (!/^[\t\n\r]/.test(piece)) built.copy({ text: piece, start: at }, 0, piece.length);
  }
  return built.build();
}
