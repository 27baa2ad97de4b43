/** Only for tests: a ustar entry as POSIX.1-1988 lays it out. */
export function tarEntry(path: string, body: string | Uint8Array, type = "0"): Uint8Array {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(512);
  header.write(path.slice(0, 100), 0);
  header.write(bytes.length.toString(8).padStart(11, "0"), 124);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
