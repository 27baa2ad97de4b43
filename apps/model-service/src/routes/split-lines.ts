const NEWLINE = 0x0a;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder();

interface CreateSplitterOptions {
  /** What is kept of a line that has not ended; the rest of it is dropped. */
  readonly mostBytes: number;
}

/** A line without its end; undefined when its bytes are not UTF-8. */
export type SplitLine = string | undefined;

/** Cuts chunks of UTF-8 into lines; leaves blank lines and a byte order mark at the start out. */
export function createSplitter({ mostBytes }: CreateSplitterOptions) {
  let rest = new Uint8Array(0);
  let isFirst = true;

  function cut(bytes: Uint8Array): SplitLine[] {
    const lines = decodeAll(bytes) ?? splitBytes(bytes).map((line) => decodeLine(line, mostBytes));
    if (isFirst && lines[0]?.startsWith("\uFEFF")) {
      lines[0] = lines[0].slice(1);
    }
    isFirst = false;
    return lines.filter((line) => line?.trim() !== "");
  }

  return {
    push(chunk: Uint8Array): SplitLine[] {
      const end = chunk.lastIndexOf(NEWLINE);
      if (end >= 0) {
        const ended = concat(rest, chunk.subarray(0, end));
        rest = chunk.slice(end + 1, end + 1 + mostBytes);
        return cut(ended);
      }
      if (rest.length < mostBytes) {
        rest = concat(rest, chunk.subarray(0, mostBytes - rest.length));
      }
      return [];
    },
    /** The line that had no end. */
    end(): SplitLine[] {
      const last = cut(rest);
      rest = new Uint8Array(0);
      return last;
    },
  };
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

/** Many lines at once, which is what a good caller sends; undefined when one of them is not UTF-8. */
function decodeAll(bytes: Uint8Array): SplitLine[] | undefined {
  try {
    return DECODER.decode(bytes).split("\n");
  } catch {
    return undefined;
  }
}

function decodeLine(bytes: Uint8Array, mostBytes: number): SplitLine {
  // It may have been cut within a character; it is too long whatever it says.
  return bytes.length >= mostBytes ? LENIENT.decode(bytes) : decodeAll(bytes)?.[0];
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, from);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}
