import { expect, test } from "bun:test";
import { describeField, isShort } from "./describe-field.ts";

test.each([
  ["a number", { before: 1, after: 3 }, "a.b: 1 → 3", true],
  ["a text", { before: "x", after: "y" }, 'a.b: "x" → "y"', true],
  ["what comes", { after: [1] }, "a.b: nothing → [1]", true],
  ["what goes", { before: { c: null } }, 'a.b: {"c":null} → nothing', true],
  ["lines", { before: "x\ny", after: "x" }, 'a.b: "x\\ny" → "x"', false],
  ["a long text", { before: 1, after: "y".repeat(90) }, `a.b: 1 → "${"y".repeat(79)}…`, false],
])("describeField() tells of %s", (_, sides, line, short) => {
  const field = { path: "a.b", ...sides };
  expect([describeField(field), isShort(field)]).toEqual([line, short]);
});
