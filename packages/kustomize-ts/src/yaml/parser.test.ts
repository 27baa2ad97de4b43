import { expect, test } from "bun:test";
import { BuildError } from "../errors.ts";
import { toJsonValue } from "./convert.ts";
import { expandAnchors } from "./expand.ts";
import { parseDocument } from "./parser.ts";

function read(text: string): unknown {
  const document = parseDocument(text, { file: "a.yaml" });
  return document === undefined ? undefined : toJsonValue(expandAnchors(document.root));
}

test.each([
  ["a list at the indent of its key", "a:\n- 1\n- 2\nb: 3", { a: [1, 2], b: 3 }],
  ["a list whose last item is empty, at the indent of its key", "a:\n-\nb: 1", { a: [null], b: 1 }],
  ["commas behind what is last", "a: [1,]\nb: {c: 1,}", { a: [1], b: { c: 1 } }],
  ["a byte order mark", "\ufeffa: 1", { a: 1 }],
  ["a block whose indent is told", "a: |2\n    x\n   y\n", { a: "  x\n y\n" }],
  ["an empty block", "a:\n  b: |\n  c: 1", { a: { b: "", c: 1 } }],
  ["flow collections", "{a: [1, {b: c}, d: e], f: }", { a: [1, { b: "c" }, { d: "e" }], f: null }],
  ["a plain text of several lines", "a: x\n  y\n\n  z", { a: "x y\nz" }],
  ["quotes", "a: 'it''s'\nb: \"x\\u0041\\n\\\n  y\"", { a: "it's", b: "xA\ny" }],
  ["explicit keys", "? a\n: b\n? c", { a: "b", c: null }],
  ["comments", "# x\na: b # c\n# d\n", { a: "b" }],
  ["tags", "a: !!str 1\nb: !mine x\nc: !!binary aGk=", { a: "1", b: "x", c: "hi" }],
  ["a document after a directive", "%YAML 1.1\n---\na: 1\n", { a: 1 }],
  ["only the first document", "a: 1\n---\nb: 2\n", { a: 1 }],
  ["anchors", "a: &x {b: 1}\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
  ["merges", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3", { a: { b: 1, c: 2 }, d: { b: 3, c: 2 } }],
  ["the name of the prototype", '{"__proto__": {a: 1}}', JSON.parse('{"__proto__": {"a": 1}}')],
  ["nothing", "# only a comment\n", undefined],
])("parseDocument() reads %s", (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

// The messages are those of go-yaml, with the line that it names.
test.each([
  ["a: b: c", "yaml: mapping values are not allowed in this context", 1, 5],
  ["a: 1\nb: [1\nc: 2", "yaml: line 1: did not find expected ',' or ']'", 3, 2],
  ['a: 1\nb: {c: "1" d: 2}', "yaml: line 1: did not find expected ',' or '}'", 2, 12],
  ["a: 1\nb: [c, d[0]]", "yaml: line 1: did not find expected ',' or ']'", 2, 9],
  ["a:\n\tb: 1", "yaml: line 2: found character that cannot start any token", 2, 1],
  ["a: 1\n b: 2", "yaml: line 2: mapping values are not allowed in this context", 2, 3],
  ["a: 'x", "yaml: found unexpected end of stream", 1, 6],
  ["a: 1\nb", "yaml: line 2: could not find expected ':'", 3, 1],
  ["a: @x", "yaml: found character that cannot start any token", 1, 4],
  ['a: "\\q"', "yaml: found unknown escape character", 1, 6],
  ["a: *x", "yaml: unknown anchor 'x' referenced", 1, 4],
  ["a: \u0001", "yaml: control characters are not allowed", 1, 4],
  ["a: 1\n- b", "yaml: line 1: did not find expected key", 2, 1],
])("parseDocument() refuses %j", (text, message, line, column) => {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    expect([error.detail, error.line, error.column]).toEqual([message, line, column]);
    return;
  }
  throw new TypeError("it was read");
});

test("parseDocument() stops at a depth that no manifest has", () => {
  expect(() => read("[".repeat(5000))).toThrow("exceeded max depth");
});

test("expandAnchors() stops a document that grows without end", () => {
  const lines = Array.from({ length: 40 }, (_, i) =>
    i === 0 ? "a0: &a0 [x, x]" : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
  );
  expect(() => read(lines.join("\n"))).toThrow("excessive aliasing");
}, 120_000);
