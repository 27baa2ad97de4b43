import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTar, readTar, writeTar } from "./tar.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-tar-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = join(folder, "one.tar");

const FILES = [
  { name: "empty", content: new Uint8Array() },
  { name: "a/block", content: Buffer.alloc(512, "x") },
  { name: "a/more", content: Buffer.alloc(513, "y") },
];

async function list(path: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  await readTar(path, async ({ name, size }, chunks) => {
    let come = 0;
    for await (const chunk of chunks) come += chunk.length;
    expect(come).toBe(size);
    found.push([name, size]);
  });
  return found;
}

const EXPECTED = FILES.map(({ name, content }): [string, number] => [name, content.length]);

describe("writeTar()", () => {
  test("writes what tar reads, from bytes and from files", async () => {
    writeFileSync(join(folder, "more"), FILES[2]?.content ?? "");
    const fromFile = { name: "a/more", content: { path: join(folder, "more"), size: 513 } };
    await writeTar(place, [...FILES.slice(0, 2), fromFile]);
    const { stdout, exitCode } = Bun.spawnSync(["tar", "-tvf", place], {
      env: { ...process.env, TZ: "UTC" },
    });
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain("-rw-r--r-- 0/0             513 1970-01-01 00:00 a/more");
    expect(readFileSync(place).equals(Buffer.from(buildTar(FILES)))).toBe(true);
    expect(await list(place)).toEqual(EXPECTED);
  });

  test("refuses a name that the format has no room for", () => {
    const files = [{ name: "n".repeat(101), content: new Uint8Array() }];
    expect(() => buildTar(files)).toThrow(RangeError);
  });
});

describe("readTar()", () => {
  test("reads what tar writes", async () => {
    writeFileSync(join(folder, "hello"), "hello");
    const other = join(folder, "other.tar");
    Bun.spawnSync(["tar", "-C", folder, "--format=ustar", "-cf", other, "hello"]);
    expect(await list(other)).toEqual([["hello", 5]]);
  });

  test.each([
    ["one that is cut off", Buffer.from(buildTar(FILES)).subarray(0, 2000), /cut off/],
    ["what is none", Buffer.from("no tar at all"), /no tar archive/],
  ])("refuses %s", async (_, bytes, message) => {
    writeFileSync(place, bytes);
    await expect(list(place)).rejects.toThrow(message);
  });
});
