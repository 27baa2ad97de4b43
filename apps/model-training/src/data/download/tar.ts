import { failure, type TrainingError } from "../errors.ts";

const BLOCK = 512;
/** Long names come as a file of their own; a real one is far shorter. */
const MAX_NAME = 65_536;

/** One regular file of an archive. Its bytes must be read before the next entry is asked for. */
export interface TarEntry {
  /** As the archive names it; nothing is ever written under this name. */
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The regular files of a tar archive as it comes (POSIX ustar, with pax and GNU long names). What is not
 * read of an entry is passed over. Throws a TrainingError for an archive that is cut or damaged.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createReader(chunks);
  let longName: string | undefined;
  for (;;) {
    const header = await reader.read(BLOCK);
    // Two empty blocks end an archive; the first is enough.
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const { path, size, type } = parseHeader(header);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === "x" || type === "L") {
      if (size > MAX_NAME) throw damaged("a name is too long");
      const body = (await reader.read(size)) ?? new Uint8Array();
      longName = (type === "L" ? textOf(body) : paxPath(body)) ?? longName;
      await reader.skip(padding);
    } else {
      const body = reader.take(size);
      if (type === "0" || type === "") yield { path: longName ?? path, bytes: body.bytes };
      longName = undefined;
      await reader.skip(body.left() + padding);
    }
  }
}

function parseHeader(header: Uint8Array): { path: string; size: number; type: string } {
  const field = (from: number, length: number) => textOf(header.subarray(from, from + length));
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  const size = octal(field(124, 12));
  if (octal(field(148, 8)) !== sum || size === undefined) throw damaged("a header is wrong");
  const prefix = field(257, 5) === "ustar" ? field(345, 155) : "";
  const name = field(0, 100);
  return { path: prefix === "" ? name : `${prefix}/${name}`, size, type: field(156, 1) };
}

/** The text up to the first NUL. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function octal(text: string): number | undefined {
  const digits = text.trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The path of a pax record, which is "<length> path=<value>\n" (POSIX pax, extended header). */
function paxPath(body: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(body))?.[1];
}

function damaged(what: string): TrainingError {
  return failure("DATA_UNREADABLE", `Cannot read tar archive: ${what}`);
}

/** Reads counted bytes from pieces of any size. */
function createReader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();

  /** At most n bytes, at least one; undefined at the end. */
  async function piece(n: number): Promise<Uint8Array | undefined> {
    while (chunk.length === 0) {
      const next = await iterator.next();
      if (next.done) return undefined;
      chunk = next.value;
    }
    const part = chunk.subarray(0, n);
    chunk = chunk.subarray(part.length);
    return part;
  }
  async function* pieces(n: number, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    for (let left = n; left > 0; ) {
      const part = await piece(left);
      if (part === undefined) throw damaged("it is cut");
      left -= part.length;
      onRead(part.length);
      yield part;
    }
  }
  return {
    /** Exactly n bytes, or undefined at the end of the archive. */
    async read(n: number): Promise<Uint8Array | undefined> {
      const out = new Uint8Array(n);
      let at = 0;
      while (at < n) {
        const part = await piece(n - at);
        if (part === undefined && at === 0) return undefined;
        if (part === undefined) throw damaged("it is cut");
        out.set(part, at);
        at += part.length;
      }
      return out;
    },
    async skip(n: number): Promise<void> {
      for await (const _ of pieces(n, () => {}));
    },
    /** The next n bytes as pieces, and how many of them were not read. */
    take(n: number) {
      let left = n;
      return { bytes: pieces(n, (bytes) => (left -= bytes)), left: () => left };
    },
  };
}
