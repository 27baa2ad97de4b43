import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "cli.ts"), ...words],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

test.each([
  [["fly"], 2, "BAD_ARGUMENT", 'Cannot run "fly": there are adopt, judge, promote'],
  [["adopt"], 2, "BAD_ARGUMENT", "expected the owner of the fork"],
  [["promote"], 2, "BAD_ARGUMENT", 'expected "canary --weight 25"'],
  [["release"], 2, "BAD_ARGUMENT", "expected a command"],
  [["release", "prepare"], 2, "BAD_ARGUMENT", 'expected "prepare VERSION"'],
  [["release", "deploy", "no-such.json"], 1, "BAD_FILE", "Cannot read the digests"],
])(
  "%p ends with %i, and tells %s to programs too",
  (words, status, code, sentence) => {
    const told = run(...words);
    expect(told).toEqual({ status, stdout: "", stderr: expect.stringContaining(sentence) });
    const asJson = run(...words, "--json");
    expect(asJson).toMatchObject({ status, stdout: "" });
    expect(JSON.parse(asJson.stderr)).toEqual({ error: { code, message: told.stderr.trim() } });
  },
  120_000,
);

test("what a terminal would obey is shown, not obeyed", () => {
  expect(run("fly\u001b[2J").stderr).toStartWith('Cannot run "fly\\u001b[2J": ');
  const { stderr } = run("fly\u001b\u009b", "--json");
  expect(stderr).not.toContain("\u009b");
  expect(JSON.parse(stderr).error.message).toStartWith('Cannot run "fly\u001b\u009b": ');
}, 120_000);

test("--help of each command ends with 0", () => {
  expect(run("--help")).toMatchObject({ status: 0, stderr: "" });
  expect(run("release", "--help")).toMatchObject({ status: 0, stderr: "" });
}, 120_000);
