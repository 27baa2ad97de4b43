import { expect, test } from "bun:test";
import { toJsonValue } from "../yaml/convert.ts";
import { parseDocument } from "../yaml/parser.ts";
import { readOperations } from "./json-operation.ts";
import { applyJsonPatch } from "./json-patch.ts";

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
  [
    "replaces a field that is not there",
    { op: "replace", path: "/b", value: 1 },
    { ...before, b: 1 },
  ],
  ["removes", { op: "remove", path: "/list/0" }, { ...before, list: ["y"] }],
  [
    "moves",
    { op: "move", from: "/a", path: "/list/0" },
    { list: [1, "x", "y"], none: null, map: before.map },
  ],
  ["copies", { op: "copy", from: "/map", path: "/b" }, { ...before, b: before.map }],
  ["copies nothing as null", { op: "copy", from: "/b", path: "/c" }, { ...before, c: null }],
  ["knows ~0 and ~1", { op: "remove", path: "/map/k~01" }, { ...before, map: { "k/2": "w" } }],
  ["tests a null", { op: "test", path: "/none", value: null }, before],
  ["tests a map", { op: "test", path: "/map", value: { "k/2": "w", "k~1": "v" } }, before],
])("applyJsonPatch() %s", (_, operation, expected) => {
  expect(patch(operation)).toEqual(expected);
});

test.each([
  [{ op: "add", path: "/no/way", value: 1 }, "doc is missing path"],
  [{ op: "add", path: "/list/9", value: 1 }, "error in add for path: '/list/9': Unable to access"],
  [{ op: "add", path: "/list/z" }, "'/list/z': value was not a proper array index: 'z': strconv"],
  [{ op: "remove", path: "/list/z" }, "error in remove for path: '/list/z': strconv.Atoi"],
  [{ op: "add", value: 1 }, "add operation failed to decode path: missing value"],
  [{ op: "remove", path: "/b" }, "Unable to remove nonexistent key: b"],
  [{ op: "replace", path: "/list/2", value: 1 }, "doc is missing key: /list/2"],
  [{ op: "move", from: "/b", path: "/c" }, "error in move for path: 'b': Unable to remove"],
  [{ op: "move", from: "/b/d", path: "/c" }, "doc is missing from path: /b/d"],
  [{ op: "move", from: "/a", path: "/b/d" }, "move operation does not apply: doc is missing dest"],
  [{ op: "copy", from: "/list/9", path: "/c" }, "error in copy for from: '/list/9': Unable"],
  [{ op: "copy", from: "/a", path: "/list/9" }, "error while adding value during copy: Unable"],
  [{ op: "copy", path: "/c" }, "failed to decode from: operation, missing from field"],
  [{ op: "test", path: "/list/9", value: null }, "error in test for path: '/list/9': Unable"],
  [{ op: "test", path: "/a", value: 2 }, "testing value /a failed"],
  [{ op: "turn", path: "/a" }, "Unexpected kind: turn"],
  [{ op: 1, path: "/a" }, "Unexpected kind: unknown"],
  [{ op: "replace", value: 1 }, "failed to decode path: operation missing path field"],
  [{ op: "move", from: "/a", path: [] }, "move operation failed to decode path: json: cannot unm"],
  [{ op: "remove", path: 1 }, "remove operation failed to decode path: missing value"],
  [{ op: "copy", from: {}, path: "/a" }, "cannot unmarshal object into Go value of type string"],
  [{ op: "replace", path: "", value: 1 }, "replace operation value must be object or array"],
  [{ op: "add", path: `/list/${"9".repeat(20)}`, value: 1 }, "value out of range"],
])("applyJsonPatch() refuses %j", (operation, message) => {
  expect(() => patch(operation)).toThrow(message);
});

test.each([
  ["1.0", false],
  ["1e0", false],
  ["1", true],
])("applyJsonPatch() tests the number %s as it was written", (value, isEqual) => {
  const root = parseDocument(DOCUMENT, { file: "" })?.root;
  const list = parseDocument(`[{"op": "test", "path": "/a", "value": ${value}}]`, { file: "" });
  if (root === undefined) throw new TypeError("no document");
  const run = () => applyJsonPatch(root, readOperations(list?.root, true));
  if (isEqual) expect(run).not.toThrow();
  else expect(run).toThrow("testing value /a failed");
});
