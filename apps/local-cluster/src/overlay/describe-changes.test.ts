import { expect, test } from "bun:test";
import { describeChanges } from "./describe-changes.ts";

const map = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "ns" },
  data,
});
const many = (value: string) =>
  Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, value]));

test.each([
  ["nothing", [map("a", {})], [map("a", {})], []],
  ["a new resource", [], [map("a", {})], ["+ ConfigMap ns/a"]],
  ["a resource that is gone", [map("a", {})], [], ["- ConfigMap ns/a"]],
  [
    "a field",
    [map("a", { x: "1" })],
    [map("a", { x: "2", y: "3" })],
    ["~ ConfigMap ns/a", '    data.x: "1" → "2"', '    data.y: nothing → "3"'],
  ],
  [
    "a generated resource under its new name",
    [map("a-845t6675md", { x: "1" })],
    [map("a-9g2hf65459", { x: "2" })],
    ["~ ConfigMap ns/a-845t6675md → a-9g2hf65459", '    data.x: "1" → "2"'],
  ],
])("describeChanges() tells %s", (_, before, after, expected) => {
  expect(describeChanges(before, after)).toEqual(expected);
});

test("describeChanges() cuts long values and counts fields that are too many", () => {
  const lines = describeChanges([map("a", many("1"))], [map("a", many("y".repeat(90)))]);
  expect(lines).toHaveLength(8);
  expect(lines[1]).toEndWith(`→ "${"y".repeat(79)}…`);
  expect(lines[7]).toBe("    and 3 more");
});
