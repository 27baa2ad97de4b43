import { expect, test } from "bun:test";
import { emitDocument } from "./emit.ts";
import { parseDocument } from "./parser.ts";

function print(text: string): string {
  const root = parseDocument(text, { file: "a.yaml" })?.root;
  if (root === undefined) throw new TypeError("no document");
  return emitDocument(root);
}

// Every expectation was printed by kustomize 5.8.1.
test.each([
  ["octals of both YAML versions", "a: 0777\nb: 0o17\n", "a: 511\nb: 15\n"],
  ["a float without a fraction", "a: 1.0\nb: 1e3\n", "a: 1\nb: 1000\n"],
  ["a float with one", "a: 1234567.5\nb: 0.00001\n", "a: 1.2345675e+06\nb: 1e-05\n"],
  ["an integer beyond 64 bits", "a: 12345678901234567890123\n", "a: 1.2345678901234568e+22\n"],
  ["a date", "a: 2001-12-14\n", 'a: "2001-12-14T00:00:00Z"\n'],
  ["words that are booleans in YAML 1.1", "a: yes\nb: y\n", 'a: "yes"\nb: "y"\n'],
  ["keys that are", "n: 1\non: 2\n", '"n": 1\n"on": 2\n'],
  ["a time of day", "a: 12:30\n", 'a: "12:30"\n'],
  ["nothing", "a:\nb: ~\n", "a: null\nb: null\n"],
  ["a tab", 'a: "x\\ty"\n', 'a: "x\\ty"\n'],
  ["what is beyond the basic plane", "a: 😀\n", 'a: "\\U0001F600"\n'],
  ["an indented first line", 'a: " x\\ny"\n', "a: |2-\n   x\n  y\n"],
  ["kept breaks", "a: |+\n  x\n\n", "a: |+\n  x\n\n"],
  ["indented lines in a folded text", "a: >\n  x\n  y\n   z\n", "a: |\n  x y\n\n   z\n"],
  ["keys with numbers", "a10: 1\na9: 2\n", "a9: 2\na10: 1\n"],
  ["keys whose numbers differ at a zero", "a100: 1\na12: 2\n", "a12: 2\na100: 1\n"],
  ["keys with leading zeros", "1-b: 1\n00-a: 2\n", "00-a: 2\n1-b: 1\n"],
  ["a space before a break", 'a: "x \\ny"\n', 'a: "x \\ny"\n'],
  ["lists in lists", "a:\n- - x\n  - []\n- {}\n", "a:\n- - x\n  - []\n- {}\n"],
  ["an indicator", 'a: "- x"\nb: "#c"\nc: "d: e"\n', "a: '- x'\nb: '#c'\nc: 'd: e'\n"],
])("emitDocument() writes %s", (_, text, expected) => {
  expect(print(text)).toBe(expected);
});

test("emitDocument() breaks a line at the first space beyond column 80", () => {
  const words = "aaaaaaaaa ".repeat(9).trimEnd();
  expect(print(`a: ${words}\n`)).toBe(`a: ${"aaaaaaaaa ".repeat(8).trimEnd()}\n  aaaaaaaaa\n`);
});

test("emitDocument() writes a long key apart from its value", () => {
  const key = "k".repeat(129);
  expect(print(`${key}: v\n`)).toBe(`? ${key}\n: v\n`);
});

test.each([
  ["a key twice", "a:\n  b: 1\n  b: 2\n", 'mapping key "b" already defined at line 2'],
  ["a key that is no string", "a:\n  1: x\n", "json: unsupported type"],
  ["a tag against the value", "a: !!int x\n", "cannot decode !!str `x` as a !!int"],
  ["infinity", "a: .inf\n", "json: unsupported value: +Inf"],
])("emitDocument() refuses %s", (_, text, message) => {
  expect(() => print(text)).toThrow(message);
});
