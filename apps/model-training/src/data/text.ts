// Bytes to text to lines, in pieces, whatever the pieces are.

/** Longer lines are passed over: no address is that long, and memory stays bounded. */
const MAX_LINE = 65_536;

/** Decodes UTF-8; a byte order mark goes, a broken sequence becomes U+FFFD. */
export async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The lines of a text that arrives in pieces, without their ends; the last may lack one. */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let tooLong = false;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!tooLong && line.length <= MAX_LINE) yield line;
      tooLong = false;
    }
    if (rest.length > MAX_LINE) {
      tooLong = true;
      rest = "";
    }
  }
  if (!tooLong && rest !== "") yield rest;
}

/** A whole text, refused (undefined) above a number of characters. */
export async function readAll(
  chunks: AsyncIterable<string>,
  maxLength: number,
): Promise<string | undefined> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxLength) return undefined;
    parts.push(chunk);
  }
  return parts.join("");
}
