import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Extract } from "../source.ts";
import { extract } from "./extract.ts";
import { findInJson } from "./json.ts";
import { parseLinks } from "./links.ts";
import { parseListLine } from "./list.ts";

test.each([
  ["an address", "https://a.example/x", undefined, "https://a.example/x"],
  ["a bare host", " a.example \r", undefined, "a.example"],
  ["an empty line", "  ", undefined, undefined],
  ["a comment", "# https://a.example", undefined, undefined],
  [
    "what follows a mark",
    "depth=1;url=https://a.example/?url=2",
    "url=",
    "https://a.example/?url=2",
  ],
  ["no mark", "depth=1", "url=", undefined],
])("parseListLine() finds %s", (_, line, after, expected) => {
  expect(parseListLine(line, after)).toBe(expected);
});

test.each([
  [
    "Markdown",
    "- [a](https://a.example/x) and [b](http://b.example)",
    ["https://a.example/x", "http://b.example"],
  ],
  [
    "an address as its own text",
    "[https://a.example/](https://a.example/)",
    ["https://a.example/", "https://a.example/"],
  ],
  ["brackets of its own", "[a](https://a.example/c_(d)).", ["https://a.example/c_(d)"]],
  ["HTML", '<a href="https://a.example/?q=1&amp;r">', ["https://a.example/?q=1&amp;r"]],
  [
    "program text",
    "generate('x', ['https://a.example/b', \"https://c.example\"]);",
    ["https://a.example/b", "https://c.example"],
  ],
  [
    "a sentence",
    "See https://a.example/x, or https://b.example/y!",
    ["https://a.example/x", "https://b.example/y"],
  ],
  ["a reference", "[1]: https://a.example/x", ["https://a.example/x"]],
  ["a template", "f`https://a.example/{page}`", ["https://a.example/"]],
  ["nothing", "mailto:a@b.example http:// ftp://c.example", []],
])("parseLinks() finds addresses in %s", (_, line, expected) => {
  expect(parseLinks(line)).toEqual(expected);
});

test.each([
  [
    "all strings",
    '["https://a.example",{"x":"http://b.example/1"},"c.example",7,null]',
    {},
    ["https://a.example", "http://b.example/1"],
  ],
  [
    "only under keys",
    '{"url":"https://a.example","icon":"https://b.example","in":[{"url":"https://c.example"}]}',
    { keys: ["url"] },
    ["https://a.example", "https://c.example"],
  ],
  [
    "a list under a key",
    '{"fetch":["https://a.example","https://b.example"],"x":["https://c.example"]}',
    { keys: ["fetch"] },
    ["https://a.example", "https://b.example"],
  ],
  ["bare hosts", '["a.example"]', { bare: true }, ["a.example"]],
])("findInJson() finds %s", (_, text, options, expected) => {
  expect(findInJson(text, options)).toEqual(expected);
});

test("findInJson() puts a word where one is searched", () => {
  const [found] = findInJson('{"u":"https://a.example/?q={{{s}}}&x={{{s}}}"}', { fill: "{{{s}}}" });
  expect(found).toMatch(/^https:\/\/a\.example\/\?q=([a-z]+)&x=\1$/);
});

test("findInJson() takes the nesting that JSON.parse takes", () => {
  const depth = 5000;
  const text = `${"[".repeat(depth)}"https://a.example"${"]".repeat(depth)}`;
  expect(findInJson(text, {})).toEqual(["https://a.example"]);
});

const LABELS = { column: "type", phishing: "phishing", legitimate: "benign" };
const MORE = `date,user,kind,url,tags\n`;

test.each<[string, Extract, string, unknown]>([
  [
    "a list",
    { kind: "list" },
    "\uFEFFa.example\r\n#x\nb.example",
    [{ url: "a.example" }, { url: "b.example" }],
  ],
  ["links", { kind: "links" }, "x\nhttp://a.example) y\n", [{ url: "http://a.example" }]],
  ["JSON", { kind: "json" }, '["http://a.example"]', [{ url: "http://a.example" }]],
  [
    "a CSV column",
    { kind: "csv", column: "URL" },
    'date,URL,note\n1,http://a.example,x\n2,"http://b.example/,""q""","a\nb"\n3,,x\n4\n',
    [{ url: "http://a.example" }, { url: 'http://b.example/,"q"' }],
  ],
  [
    "CSV labels",
    { kind: "csv", column: "url", labels: LABELS },
    "url,type\na.example,phishing\nb.example,benign\nc.example,defacement\n",
    [
      { url: "a.example", label: 1 },
      { url: "b.example", label: 0 },
    ],
  ],
  [
    "CSV rows of a kind",
    { kind: "csv", column: 3, where: { column: 4, includes: "#phishing" } },
    `${MORE}1,u,url,http://a.example,#phishing #x\n2,u,url,http://b.example,#malware\n`,
    [{ url: "http://a.example" }],
  ],
])(
  "extract() reads %s, however the text is cut into pieces",
  async (_, how, text, expected) => {
    // The decoder takes the byte order mark away, so the pieces here come without it.
    const plain = text.replace("\uFEFF", "");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: plain.length }), { maxLength: 9 }),
        async (cuts) => {
          expect(await Array.fromAsync(extract(pieces(plain, cuts), how))).toEqual(
            expected as never,
          );
        },
      ),
      { numRuns: 50 },
    );
  },
  120_000,
);

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
    yield text.slice(from, cut);
    from = cut;
  }
}

test.each<[string, Extract, string, string]>([
  [
    "a column that is not there",
    { kind: "csv", column: "URL" },
    "date,url\n1,a.example\n",
    'Cannot find column "URL": the file has date, url',
  ],
  [
    "a quote that is never closed",
    { kind: "csv", column: "url" },
    `url\n"${"a".repeat(2 ** 20 + 1)}`,
    "a quote is never closed",
  ],
  ["what is not JSON", { kind: "json" }, "<html>", "Cannot read JSON: not well formed"],
])("extract() refuses %s", async (_, how, text, message) => {
  const reading = Array.fromAsync(extract(pieces(text, []), how));
  await expect(reading).rejects.toMatchObject({
    code: "DATA_UNREADABLE",
    message: expect.stringContaining(message),
  });
});

test("extract() passes over a line of any length without holding it", async () => {
  async function* endless(): AsyncGenerator<string> {
    for (let i = 0; i < 100; i += 1) yield "x".repeat(10_000);
    yield " http://never.example\nhttp://a.example\n";
    yield `${"x".repeat(70_000)} http://never.example\n`;
  }
  expect(await Array.fromAsync(extract(endless(), { kind: "links" }))).toEqual([
    { url: "http://a.example" },
  ]);
});
