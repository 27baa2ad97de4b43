import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

// POSIX.1-2024, pax: the ustar interchange format. Only regular files with short names are written.

const BLOCK = 512;

/** A file to put in: bytes, or where they lie. */
export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array | { readonly path: string; readonly size: number };
}

/** A file found in an archive; its bytes come in the order of the archive, once. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
}

/** Writes an archive that is the same bytes whenever and by whomever it is written. */
export async function writeTar(path: string, files: readonly TarFile[]): Promise<void> {
  const out = await open(path, "w");
  try {
    for (const { name, content } of files) {
      const size = content instanceof Uint8Array ? content.length : content.size;
      await out.write(buildHeader(name, size));
      if (content instanceof Uint8Array) await out.write(content);
      else for await (const chunk of createReadStream(content.path)) await out.write(chunk);
      await out.write(new Uint8Array(padding(size)));
    }
    await out.write(new Uint8Array(2 * BLOCK));
  } finally {
    await out.close();
  }
}

/** The bytes of a small archive. */
export function buildTar(files: readonly { name: string; content: Uint8Array }[]): Uint8Array {
  const parts = files.flatMap(({ name, content }) => [
    buildHeader(name, content.length),
    content,
    new Uint8Array(padding(content.length)),
  ]);
  return Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]);
}

/** Hands each file of an archive to a reader as it comes. Refuses what is no such archive, or a part of one. */
export async function readTar(
  path: string,
  read: (entry: TarEntry, chunks: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const file = await open(path, "r");
  try {
    for (let at = 0; ; ) {
      const header = Buffer.alloc(BLOCK);
      const { bytesRead } = await file.read(header, 0, BLOCK, at);
      if (bytesRead === 0 || header.every((byte) => byte === 0)) return;
      const entry = parseHeader(header);
      const start = at + BLOCK;
      const end = start + entry.size;
      const { size } = await file.stat();
      if (bytesRead < BLOCK || end > size) throw new SyntaxError("the archive is cut off");
      await read(entry, readRange(path, start, end));
      at = end + padding(entry.size);
    }
  } finally {
    await file.close();
  }
}

async function* readRange(path: string, start: number, end: number): AsyncIterable<Uint8Array> {
  if (start === end) return;
  yield* createReadStream(path, { start, end: end - 1 });
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function buildHeader(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`The name "${name}" is too long for tar`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257, "latin1");
  header.write(`${sum(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function parseHeader(header: Buffer): TarEntry {
  const text = (from: number, length: number) =>
    header
      .toString("utf8", from, from + length)
      .replace(/\0.*$/s, "")
      .trim();
  const blank = Buffer.from(header);
  blank.fill(" ", 148, 156);
  if (Number.parseInt(text(148, 8), 8) !== sum(blank))
    throw new SyntaxError("it is no tar archive");
  const prefix = text(345, 155);
  const name = `${prefix === "" ? "" : `${prefix}/`}${text(0, 100)}`;
  return { name, size: Number.parseInt(text(124, 12), 8) };
}

function sum(header: Uint8Array): number {
  return header.reduce((total, byte) => total + byte, 0);
}
