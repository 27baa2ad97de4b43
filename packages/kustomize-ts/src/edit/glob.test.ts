import { expect, test } from "bun:test";
import { matchesGlob } from "./glob.ts";

test.each([
  ["*.yaml", "a.yaml", true],
  ["*.yaml", "b/a.yaml", false],
  ["b/*", "b/a.yaml", true],
  ["?.yaml", "ab.yaml", false],
  ["[a-c].yaml", "b.yaml", true],
  ["[^a-c].yaml", "b.yaml", false],
  ["[^a]", "/", false],
  ["a\\*", "a*", true],
  ["a+(b)", "a+(b)", true],
  ["a.yaml", "aXyaml", false],
])("matchesGlob(%j, %j) is %p", (pattern, name, matches) => {
  expect(matchesGlob(pattern, name)).toBe(matches);
});
