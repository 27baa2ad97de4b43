import { expect, test } from "bun:test";
import { parseCommit, proposeVersion, renderNotes } from "./commits.ts";
import { formatVersion, parseVersion } from "./semantic-version.ts";

test.each([
  [
    "feat(mesh): read Gateways",
    { type: "feat", room: "mesh", what: "read Gateways", isBreaking: false },
  ],
  ["fix: mend it\n\nbecause", { type: "fix", room: "", what: "mend it", isBreaking: false }],
  ["feat(app)!: ask twice", { type: "feat", room: "app", what: "ask twice", isBreaking: true }],
  ["fix(app): x\n\nBREAKING CHANGE: y", { type: "fix", room: "app", what: "x", isBreaking: true }],
  ["Merge branch", { type: "", room: "", what: "Merge branch", isBreaking: false }],
])("parseCommit() reads %p", (message, expected) => {
  expect(parseCommit("abc", message)).toEqual({ hash: "abc", ...expected });
});

test.each([
  ["1.2.3", ["docs: a"], "1.2.4"],
  ["1.2.3", ["fix: a", "feat: b"], "1.3.0"],
  ["1.2.3", ["feat: b", "fix!: a"], "2.0.0"],
  ["0.2.3", ["fix!: a"], "0.3.0"],
  ["0.2.3", ["Merge"], "0.2.4"],
])("proposeVersion() after %s with %p is %s", (last, messages, expected) => {
  const version = parseVersion(last);
  if (version === undefined) throw new Error("a row without a version");
  const commits = messages.map((message) => parseCommit("abc", message));
  expect(formatVersion(proposeVersion(version, commits))).toBe(expected);
});

test("renderNotes() tells what breaks first, and counts the rest", () => {
  const messages = ["feat(app): b", "fix: c", "docs: d", "feat(mesh)!: a", "test: e"];
  const commits = messages.map((message, index) => parseCommit(`${index}123456789`, message));
  expect(renderNotes(commits)).toBe(`## Breaking

- **mesh**: a (3123456)

## New

- **app**: b (0123456)

## Mended

- c (1123456)

2 other commits.
`);
});
