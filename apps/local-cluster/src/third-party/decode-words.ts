/** An encoded word: charset, maybe with a language behind it (RFC 2231, 5), encoding and text. */
const WORD = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;

/** Those that programs send, as the web reads them. */
const CHARSETS = new Map<string, Bun.Encoding>([
  ["utf-8", "utf-8"],
  ["us-ascii", "windows-1252"],
  ["iso-8859-1", "windows-1252"],
  ["windows-1252", "windows-1252"],
]);

/**
 * Reads the encoded words in a header of a mail (RFC 2047), as `=?utf-8?q?Stra=C3=9Fe?=`. What is not
 * one, or is of a charset that is not known here, stays as it is.
 */
export function decodeWords(text: string): string {
  let decoded = "";
  let at = 0;
  let open: OpenRun | undefined;
  for (const word of text.matchAll(WORD)) {
    const [whole, label = "", encoding = "", content = ""] = word;
    const between = text.slice(at, word.index);
    at = word.index + whole.length;
    const bytes = /b/i.test(encoding) ? Buffer.from(content, "base64") : decodeQuoted(content);
    const charset = label.toLowerCase();
    // Space between two words belongs to neither, and a character may be cut in two by it.
    if (open !== undefined && /^\s*$/.test(between)) {
      if (open.charset === charset) {
        open.bytes.push(bytes);
        open.raw += between + whole;
        continue;
      }
      decoded += finish(open);
    } else {
      decoded += finish(open) + between;
    }
    open = { charset, bytes: [bytes], raw: whole };
  }
  return decoded + finish(open) + text.slice(at);
}

/** Words of one charset that follow each other. */
interface OpenRun {
  readonly charset: string;
  readonly bytes: Uint8Array[];
  raw: string;
}

function finish(run: OpenRun | undefined): string {
  if (run === undefined) return "";
  const encoding = CHARSETS.get(run.charset);
  if (encoding === undefined) return run.raw;
  return new TextDecoder(encoding).decode(Buffer.concat(run.bytes));
}

/** "Q" of RFC 2047, 4.2: `=C3` is a byte, `_` a space, all else itself. */
function decodeQuoted(content: string): Buffer {
  const text = content
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, "latin1");
}
