import { expect, test } from "bun:test";
import { createString, getField } from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";
import { setInStructuredText } from "./structured-text.ts";

function set(text: string, path: readonly string[]): string | undefined {
  const root = parseDocument(`data: ${JSON.stringify({ file: text })}`, { file: "" })?.root;
  if (root === undefined) throw new TypeError("no document");
  const parts = ["data", "file", ...path];
  if (!setInStructuredText(root, createString("new"), { parts, create: undefined }))
    return undefined;
  return getField(getField(root, "data"), "file")?.value;
}

// Every expectation was printed by kustomize 5.8.1.
test.each([
  ["JSON on one line", '{"z":1,"a":{"b":"c<d>"}}', ["a", "b"], '{"a":{"b":"new"},"z":1}'],
  ["JSON on several", '{\n  "a": 1,\n  "b": "x"\n}', ["b"], '{\n  "a": 1,\n  "b": "new"\n}'],
  [
    "YAML",
    "# head\na:\n  b: old # why\n  c: 'd'\n",
    ["a", "b"],
    "# head\na:\n  b: new # why\n  c: 'd'",
  ],
])("setInStructuredText() keeps %s", (_, text, path, expected) => {
  expect(set(text, path)).toBe(expected);
});

test.each([
  ["a text that is no document", "{ broken", ["a"]],
  ["a field that is missing", "a: 1", ["b"]],
  ["a plain text", "hello", ["a"]],
])("setInStructuredText() leaves %s", (_, text, path) => {
  expect(set(text, path)).toBeUndefined();
});
