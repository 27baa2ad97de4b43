import { expect, test } from "bun:test";
import { join } from "node:path";

function run(...words: readonly string[]) {
  // Without a PATH no tool is found: nothing is built, whatever becomes of the words.
  const command = [process.execPath, join(import.meta.dirname, "measure.ts"), ...words];
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { env: { PATH: "" } });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("measure.ts --help builds nothing and prints its use", () => {
  const { exitCode, stdout, stderr } = run("--help");
  expect(stdout).toStartWith("Usage: bun bootstrap/src/images/measure.ts\n");
  expect([exitCode, stderr]).toEqual([0, ""]);
});

test("measure.ts refuses any other word with 2", () => {
  const { exitCode, stdout, stderr } = run("--helo");
  expect(stderr).toStartWith("Usage: bun bootstrap/src/images/measure.ts\n");
  expect([exitCode, stdout]).toEqual([2, ""]);
});
