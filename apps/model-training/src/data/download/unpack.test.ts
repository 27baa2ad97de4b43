import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { tarEntry } from "../test-tar.ts";
import { readTar } from "./tar.ts";
import { gunzip } from "./unpack.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readGzip(packed: Uint8Array, maxBytes = 2 ** 30, size = 1000): Promise<Buffer> {
  const chunks = await Array.fromAsync(gunzip(pieces(packed, size), { name: "list", maxBytes }));
  return Buffer.concat(chunks);
}

describe("gunzip()", () => {
  test("gives back what was packed, also of two packs one after another", async () => {
    const first = Buffer.from("a\n".repeat(50_000));
    const both = Buffer.concat([gzipSync(first), gzipSync("b")]);
    expect((await readGzip(both)).toString()).toBe(`${first}b`);
  });

  test("refuses a bomb long before it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20));
    let most = 0;
    const reading = (async () => {
      for await (const chunk of gunzip(pieces(bomb, 4096), { name: "list", maxBytes: 2 ** 40 })) {
        most += chunk.length;
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: "TOO_LARGE",
      message: expect.stringContaining("Cannot unpack list"),
    });
    expect(most).toBeLessThan(12 * 2 ** 20);
  }, 120_000);

  test("refuses more than the limit, and takes exactly the limit", async () => {
    const noise = crypto.getRandomValues(new Uint8Array(50_000));
    expect((await readGzip(gzipSync(noise), 50_000)).equals(noise)).toBe(true);
    await expect(readGzip(gzipSync(noise), 49_999)).rejects.toMatchObject({ code: "TOO_LARGE" });
  });

  test.each([
    ["a cut file", gzipSync("hello, hello").subarray(0, 15)],
    ["what is not gzip", Buffer.from("<html>not here</html>")],
    ["nothing", new Uint8Array()],
    ["one wrong byte", gzipSync("hello, hello").with(14, 0)],
  ])("refuses %s", async (_, bytes) => {
    await expect(readGzip(bytes)).rejects.toMatchObject({
      code: "DATA_UNREADABLE",
      message: "Cannot unpack list: it is cut or not gzip",
    });
  });

  test("hands on the error of its source as it is the cause", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync("hello").subarray(0, 5);
      throw new Error("disk went away");
    }
    const reading = Array.fromAsync(gunzip(broken(), { name: "list", maxBytes: 100 }));
    await expect(reading).rejects.toMatchObject({ cause: { message: "disk went away" } });
  });
});

const END = new Uint8Array(1024);
const LONG = `top/${"long-folder/".repeat(20)}file.txt`;
const PAX = `${LONG.length + 10} path=${LONG}\n`;

async function listTar(bytes: Uint8Array, size = 700): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of readTar(pieces(bytes, size))) {
    const body = Buffer.concat(await Array.fromAsync(entry.bytes));
    found.push(`${entry.path}: ${body.toString().slice(0, 20)}`);
  }
  return found;
}

describe("readTar()", () => {
  test.each<[string, readonly Uint8Array[], readonly string[]]>([
    [
      "files and not folders or links",
      [
        tarEntry("top/", "", "5"),
        tarEntry("top/a", "1"),
        tarEntry("top/l", "", "2"),
        tarEntry("top/b", "22"),
      ],
      ["top/a: 1", "top/b: 22"],
    ],
    [
      "the global header that Git writes",
      [tarEntry("pax_global_header", "52 comment=x\n", "g"), tarEntry("top/a", "1")],
      ["top/a: 1"],
    ],
    [
      "long names of pax",
      [tarEntry("x", PAX, "x"), tarEntry("top/short", "1"), tarEntry("top/b", "2")],
      [`${LONG}: 1`, "top/b: 2"],
    ],
    [
      "long names of GNU",
      [tarEntry("././@LongLink", `${LONG}\u0000`, "L"), tarEntry("top/short", "1")],
      [`${LONG}: 1`],
    ],
    ["an empty file", [tarEntry("top/a", "")], ["top/a: "]],
    ["no file", [], []],
  ])("reads %s", async (_, entries, expected) => {
    expect(await listTar(Buffer.concat([...entries, END]))).toEqual([...expected]);
  });

  test("reads the same however the bytes come", async () => {
    const archive = Buffer.concat([tarEntry("a", "x".repeat(1500)), tarEntry("b", "y"), END]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (size) => {
        expect(await listTar(archive, size)).toEqual([`a: ${"x".repeat(20)}`, "b: y"]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test("passes over what is not read of an entry", async () => {
    const archive = Buffer.concat([tarEntry("a", "x".repeat(5000)), tarEntry("b", "y"), END]);
    const paths = (await Array.fromAsync(readTar(pieces(archive, 700)))).map(({ path }) => path);
    expect(paths).toEqual(["a", "b"]);
  });

  const git = Bun.which("git");
  if (git === null) process.stderr.write("skipped: reads what git archive writes (no git here)\n");
  test.skipIf(git === null)("reads what git archive writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hookline-tar-"));
    const run = (...args: readonly string[]) => Bun.spawnSync(["git", ...args], { cwd: folder });
    run("init", "-q");
    await Bun.write(join(folder, "docs/a.txt"), "hello");
    run("add", ".");
    run("-c", "user.name=a", "-c", "user.email=a@a.example", "commit", "-q", "-m", "a");
    const archive = run("archive", "--prefix=top/", "HEAD");
    rmSync(folder, { recursive: true });
    expect(await listTar(archive.stdout)).toEqual(["top/docs/a.txt: hello"]);
  });

  test.each([
    ["a cut header", tarEntry("a", "x").subarray(0, 300), "it is cut"],
    ["a cut file", tarEntry("a", "x".repeat(600)).subarray(0, 700), "it is cut"],
    ["a wrong checksum", Buffer.from(tarEntry("a", "x")).fill("z", 0, 1), "a header is wrong"],
    ["text", Buffer.alloc(600, "hello"), "a header is wrong"],
    ["a name without end", tarEntry("x", "p".repeat(70_000), "x"), "a name is too long"],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(listTar(bytes)).rejects.toMatchObject({
      code: "DATA_UNREADABLE",
      message: `Cannot read tar archive: ${message}`,
    });
  });
});
