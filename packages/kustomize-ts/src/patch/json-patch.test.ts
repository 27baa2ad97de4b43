import { expect, test } from "bun:test";
import { toJsonValue } from "../yaml/convert.ts";
import { parseDocument } from "../yaml/parser.ts";
import { applyJsonPatch, readOperations } from "./json-patch.ts";

const DOCUMENT = "a: 1\nlist: [x, y]\nnone: ~\nmap: {k~1: v, 'k/2': w}\n";

function patch(...operations: readonly object[]): unknown {
  const root = parseDocument(DOCUMENT, { file: "" })?.root;
  const list = parseDocument(JSON.stringify(operations), { file: "" })?.root;
  if (root === undefined) throw new TypeError("no document");
  applyJsonPatch(root, readOperations(list));
  return toJsonValue(root);
}

const before = { a: 1, list: ["x", "y"], none: null, map: { "k~1": "v", "k/2": "w" } };

test.each([
  ["adds a field", { op: "add", path: "/b", value: [1] }, { ...before, b: [1] }],
  [
    "adds to the end",
    { op: "add", path: "/list/-", value: "z" },
    { ...before, list: ["x", "y", "z"] },
  ],
  ["adds in between", { op: "add", path: "/list/1", value: 0 }, { ...before, list: ["x", 0, "y"] }],
  [
    "counts from the end",
    { op: "add", path: "/list/-1", value: 0 },
    { ...before, list: ["x", "y", 0] },
  ],
  ["replaces", { op: "replace", path: "/list/0", value: null }, { ...before, list: [null, "y"] }],
  ["removes", { op: "remove", path: "/list/0" }, { ...before, list: ["y"] }],
  [
    "moves",
    { op: "move", from: "/a", path: "/list/0" },
    { list: [1, "x", "y"], none: null, map: before.map },
  ],
  ["copies", { op: "copy", from: "/map", path: "/b" }, { ...before, b: before.map }],
  ["knows ~0 and ~1", { op: "remove", path: "/map/k~01" }, { ...before, map: { "k/2": "w" } }],
  ["tests a null", { op: "test", path: "/none", value: null }, before],
  ["tests a map", { op: "test", path: "/map", value: { "k/2": "w", "k~1": "v" } }, before],
])("applyJsonPatch() %s", (_, operation, expected) => {
  expect(patch(operation)).toEqual(expected);
});

test.each([
  [{ op: "add", path: "/no/way", value: 1 }, "doc is missing path"],
  [{ op: "add", path: "/list/9", value: 1 }, "invalid index"],
  [{ op: "remove", path: "/b" }, "Unable to remove nonexistent key: b"],
  [{ op: "replace", path: "/b", value: 1 }, "doc is missing key: /b"],
  [{ op: "move", from: "/b", path: "/c" }, "doc is missing from path: /b"],
  [{ op: "test", path: "/a", value: 2 }, "testing value /a failed"],
  [{ op: "turn", path: "/a" }, "Unexpected kind: turn"],
])("applyJsonPatch() refuses %j", (operation, message) => {
  expect(() => patch(operation)).toThrow(message);
});
