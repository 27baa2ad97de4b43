import { expect, test } from "bun:test";
import { readKeyValues } from "./key-values.ts";

const none = { literals: [], files: [], envs: [] };
const files: Readonly<Record<string, string>> = {
  "a.txt": "content",
  "dir/b.env": "\ufeff# comment\nA=1\r\n  B = 2 \n\nC\n=x\n",
};

function read(
  sources: Partial<typeof none> | Record<string, readonly string[]>,
): Record<string, string> {
  const load = (path: string) => new TextEncoder().encode(files[path] ?? "");
  const values = readKeyValues({ ...none, ...sources }, "name", load);
  return Object.fromEntries(
    [...values].map(([key, value]) => [key, new TextDecoder().decode(value)]),
  );
}

test.each([
  [
    "literals",
    { literals: ["a=1", "b='x y'", 'c="q', "d=e=f", "g="] },
    { a: "1", b: "x y", c: '"q', d: "e=f", g: "" },
  ],
  ["files", { files: ["a.txt", "key=a.txt"] }, { "a.txt": "content", key: "content" }],
  ["env files", { envs: ["dir/b.env"] }, { A: "1", "B ": " 2 ", C: "" }],
])("readKeyValues() reads %s", (_, sources, expected) => {
  expect(read(sources)).toEqual(expected);
});

test.each([
  [{ literals: ["a"] }, "invalid literal source a"],
  [{ literals: ["=a"] }, "invalid literal source =a"],
  [{ files: ["=a"] }, "missing key name"],
  [{ files: ["a="] }, "missing file path"],
  [{ files: ["a=b=c"] }, "contains '='"],
  [{ literals: ["a=1", "a=2"] }, "illegally repeats the key `a`"],
])("readKeyValues() refuses %j", (sources, message) => {
  expect(() => read(sources)).toThrow(message);
});
