import { expect, test } from "bun:test";
import { listImageTags } from "./image-tags.ts";
import { parseVersion } from "./semantic-version.ts";

function versions(texts: readonly string[]) {
  return texts.flatMap((text) => parseVersion(text) ?? []);
}

test.each([
  ["the first", "0.1.0", [], ["0.1.0", "0.1", "0", "latest"]],
  ["the newest", "1.2.3", ["1.2.2", "1.1.9", "0.9.0"], ["1.2.3", "1.2", "1", "latest"]],
  ["itself among the released", "1.2.3", ["1.2.3"], ["1.2.3", "1.2", "1", "latest"]],
  ["a mend of an old minor", "1.1.5", ["1.2.0"], ["1.1.5", "1.1"]],
  ["a mend of an old major", "1.2.4", ["2.0.0", "1.2.3"], ["1.2.4", "1.2", "1"]],
  ["an old patch built anew", "1.2.3", ["1.2.10"], ["1.2.3"]],
  ["a pre-release", "2.0.0-rc.1", ["1.0.0"], ["2.0.0-rc.1"]],
  ["a newer pre-release takes nothing", "1.0.0", ["2.0.0-rc.1"], ["1.0.0", "1.0", "1", "latest"]],
])("listImageTags() of %s", (_, text, released, expected) => {
  const [version] = versions([text]);
  if (version === undefined) throw new Error("a row without a version");
  expect(listImageTags(version, versions(released))).toEqual(expected);
});
