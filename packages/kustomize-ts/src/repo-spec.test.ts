import { expect, test } from "bun:test";
import { parseRepoSpec } from "./repo-spec.ts";

test.each([
  ["github.com/o/r", "https://github.com/o/r", "", ""],
  ["https://github.com/o/r//sub/folder?ref=v1", "https://github.com/o/r", "sub/folder", "v1"],
  ["git@github.com:o/r.git//a", "git@github.com:o/r.git", "a", ""],
  ["ssh://git@example.com:22/o/r.git", "ssh://git@example.com:22/o/r.git", "", ""],
  [
    "https://dev.azure.com/o/p/_git/r/sub?version=2",
    "https://dev.azure.com/o/p/_git/r",
    "sub",
    "2",
  ],
  ["file:///srv/r.git//k", "file:///srv/r.git", "k", ""],
  ["git::https://gitlab.com/a/b/c//d", "https://gitlab.com/a/b/c", "d", ""],
])("parseRepoSpec() reads %s", (text, cloneSpec, path, ref) => {
  expect(parseRepoSpec(text)).toMatchObject({ cloneSpec, path, ref });
});

test.each([
  "base",
  "../base",
  "/srv/base",
  "a/b",
  "https://host/a",
  "https://github.com/o/r//../x",
])("parseRepoSpec() takes %s for none", (text) => {
  expect(parseRepoSpec(text)).toBeUndefined();
});
