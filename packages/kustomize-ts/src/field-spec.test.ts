import { expect, test } from "bun:test";
import { mergeFieldSpecs, parseFieldSpecs, splitFieldPath, splitPath } from "./field-spec.ts";

test.each([
  ["a/b", ["a", "b"]],
  ["/a/b", ["a", "b"]],
  ["metadata/annotations/x.y\\/z", ["metadata", "annotations", "x.y/z"]],
])("splitPath() splits %s", (path, parts) => {
  expect(splitPath(path)).toEqual(parts);
});

test.each([
  ["a.b.0", ["a", "b", "0"]],
  ["a.[name=x.y].b", ["a", "[name=x.y]", "b"]],
  ["a.[b.c].d", ["a", "b.c", "d"]],
  ["metadata.annotations.x\\.y", ["metadata", "annotations", "x.y"]],
])("splitFieldPath() splits %s", (path, parts) => {
  expect(splitFieldPath(path)).toEqual(parts);
});

test("mergeFieldSpecs() drops one for all kinds behind one for some kind", () => {
  const [all] = parseFieldSpecs("metadata/name");
  const [some] = parseFieldSpecs("metadata/name kind=Owner");
  if (all === undefined || some === undefined) throw new TypeError("no specs");
  expect(mergeFieldSpecs([some], [all])).toEqual([some]);
  expect(mergeFieldSpecs([all], [some])).toEqual([all, some]);
});

test("mergeFieldSpecs() refuses a field that is made and not made", () => {
  const made = parseFieldSpecs("a/b create");
  expect(() => mergeFieldSpecs(made, parseFieldSpecs("a/b"))).toThrow("conflicting fieldspecs");
});
