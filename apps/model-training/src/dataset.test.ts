import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { listFiles, MAX_LINE_CHARACTERS, type Row, readRows } from "./dataset.ts";
import { TrainingError } from "./errors.ts";

const GOOD = "phishing\tbad.example/login\tfeed\nlegitimate\tgood.example\tlist\n";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hookline-dataset-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect(paths: readonly string[], options = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(paths, options)) rows.push(row);
  return rows;
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** What the iteration throws, as "CODE message". */
async function failure(paths: readonly string[], options = {}): Promise<string> {
  try {
    await collect(paths, options);
  } catch (error) {
    if (error instanceof TrainingError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "no failure";
}

const rows: Row[] = [
  { label: 1, url: "bad.example/login", source: "feed" },
  { label: 0, url: "good.example", source: "list" },
];

test.each<[string, string, string | Uint8Array]>([
  ["plain text", "plain.tsv", GOOD],
  ["a last line without its break", "open-end.tsv", GOOD.trimEnd()],
  ["lines that end with CRLF", "crlf.tsv", GOOD.replaceAll("\n", "\r\n")],
  ["a byte order mark", "bom.tsv", `\uFEFF${GOOD}`],
  ["gzip", "packed.tsv.gz", gzipSync(GOOD)],
  [
    "gzip of two members",
    "members.tsv.gz",
    Buffer.concat(GOOD.split("\n", 2).map((line) => gzipSync(`${line}\n`))),
  ],
])("readRows() reads %s", async (_, name, content) => {
  expect(await collect([await write(name, content)])).toEqual(rows);
});

test.each<[string, string, string]>([
  ["a missing field", "phishing\ta.example\n", "1: expected label<TAB>url<TAB>source, found 2 f"],
  [
    "a field too many",
    `${GOOD}phishing\ta\tb\tc\n`,
    "3: expected label<TAB>url<TAB>source, found 4",
  ],
  ["another label", "1\ta.example\tfeed\n", '1: the label must be "phishing" or "legitimate", fou'],
  ["a label in capitals", "Phishing\ta.example\tfeed\n", "1: the label must be"],
  ["an empty url", "phishing\t \tfeed\n", "1: the url is empty"],
  ["an empty source", `${GOOD}phishing\ta.example\t\n`, "3: the source is empty"],
  ["an empty line", `${GOOD}\n${GOOD}`, "3: expected label<TAB>url<TAB>source, found 1 field(s)"],
  [
    "an endless line",
    `${GOOD}${"x".repeat(700_000)}`,
    `3: the line is longer than ${MAX_LINE_CHARACTERS}`,
  ],
])("readRows() refuses %s with file and line", async (name, content, expected) => {
  const path = await write(`${name.replaceAll(" ", "-")}.tsv`, content);
  expect(await failure([path])).toStartWith(`BAD_ROW Cannot read row ${path}:${expected}`);
});

test.each<[string, string, Uint8Array]>([
  ["cut gzip", "cut.tsv.gz", gzipSync(GOOD.repeat(2000)).subarray(0, 120)],
  ["text named gzip", "fake.tsv.gz", Buffer.from(GOOD)],
])("readRows() refuses %s", async (_, name, bytes) => {
  const path = await write(name, bytes);
  expect(await failure([path])).toStartWith(`DATA_UNREADABLE Cannot read "${path}" after line `);
});

test.each([1, 3, 12_345, 40_000])(
  "readRows() names line %i where it is not UTF-8",
  async (line) => {
    // Rows of three bytes a letter, so that chunks begin inside a letter.
    const lines = Array.from({ length: 40_000 }, (_, at) => `phishing\t例え${at}.jp/道\tfeed\n`);
    const bytes = lines.map((text, at) => Buffer.from(text, at === line - 1 ? "latin1" : "utf8"));
    const path = await write(`latin1-${line}.tsv`, Buffer.concat(bytes));
    const said = `BAD_ROW Cannot read row ${path}:${line}: the text is not UTF-8`;
    expect(await failure([path])).toBe(said);
  },
);

test("readRows() refuses a path that is not there", async () => {
  const path = join(folder, "absent.tsv");
  expect(await failure([path])).toBe(`DATA_MISSING Cannot read "${path}": no such file or folder`);
});

test("listFiles() refuses what gives its rows once", async () => {
  expect(await failure(["/dev/null"])).toStartWith(
    'DATA_MISSING Cannot read "/dev/null": a pipe or device gives its rows once',
  );
});

test("listFiles() takes a folder's data files by name and refuses a folder without any", async () => {
  const inside = join(folder, "nested");
  await mkdir(inside);
  expect(await failure([inside])).toEndWith("the folder holds no .tsv or .tsv.gz file");
  for (const name of ["b.tsv.gz", "a.tsv", "notes.md"]) await writeFile(join(inside, name), "");
  expect(await listFiles([inside])).toEqual([join(inside, "a.tsv"), join(inside, "b.tsv.gz")]);
});

test("readRows() passes over excluded sources but still checks their rows", async () => {
  const good = await write("exclude.tsv", GOOD);
  expect(await collect([good], { excludeSources: ["feed"] })).toEqual(rows.slice(1));
  const bad = await write("exclude-bad.tsv", "phishing\t\tfeed\n");
  expect(await failure([bad], { excludeSources: ["feed"] })).toStartWith("BAD_ROW");
});

test("readRows() stops when told to", async () => {
  const path = await write("long.tsv", GOOD.repeat(100_000));
  const stop = new AbortController();
  let seen = 0;
  const reading = (async () => {
    for await (const _ of readRows([path], { signal: stop.signal })) {
      seen += 1;
      if (seen === 10) stop.abort(new Error("enough"));
    }
  })();
  await expect(reading).rejects.toThrow("enough");
  expect(seen).toBeLessThan(200_000);
});

/** Reads a file in a process of its own, as other tests leave garbage in this one; gives the growth in MiB. */
async function readGrowth(path: string): Promise<number> {
  const code = `
    import { readRows } from ${JSON.stringify(resolve(import.meta.dirname, "dataset.ts"))};
    const before = process.memoryUsage().rss;
    let peak = before;
    let count = 0;
    for await (const _ of readRows([${JSON.stringify(path)}])) {
      count += 1;
      if (count % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
    console.log((peak - before) / 2 ** 20);`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" });
  return Number(await child.stdout.text());
}

test("readRows() holds no more memory for a file thirty times as long", async () => {
  const small = await readGrowth(await write("small.tsv.gz", gzipSync(GOOD.repeat(20_000))));
  const large = await readGrowth(await write("large.tsv.gz", gzipSync(GOOD.repeat(600_000))));
  // The large file is 30 MB of text; holding its rows would take over 100 MB.
  expect(large - small).toBeLessThan(60);
}, 120_000);
