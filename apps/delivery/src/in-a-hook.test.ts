import { expect, test } from "bun:test";
import { join } from "node:path";

// Tests make repositories and commit to them. In a hook, Git means that of the hook, whatever folder it is told.

const ROOT = join(import.meta.dirname, "../../..");
const TEST = "./packages/command-line/src/format-amount.test.ts";

function run(...words: readonly string[]) {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, ...words, TEST], {
    cwd: ROOT,
    env: { ...process.env, GIT_DIR: "/no/such", GIT_INDEX_FILE: "index", GIT_WORK_TREE: ROOT },
  });
  return { exitCode, said: stderr.toString() };
}

test("bun test refuses to run where tests would write to the repository of a hook", () => {
  const { exitCode, said } = run("test");
  expect(said).toContain("Cannot test with GIT_DIR and GIT_INDEX_FILE and GIT_WORK_TREE set");
  expect(exitCode).toBe(1);
}, 120_000);

test("bun run test runs in a hook", () => {
  expect(run("run", "test")).toEqual({ exitCode: 0, said: expect.stringContaining("0 fail") });
}, 120_000);
