import { expect, test } from "bun:test";
import { join } from "node:path";
import { BootstrapError, explainError } from "./errors.ts";

const MAIN = join(import.meta.dir, "main.ts");

function run(words: readonly string[], PATH = process.env["PATH"]) {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, MAIN, ...words], {
    env: { ...process.env, PATH },
  });
  return { code: exitCode, told: stderr.toString() };
}

test("what the system refuses is told in a sentence, with what to look at", () => {
  const words = ["download", "--prepared", "/etc/hostname/folder"];
  const { code, told } = run(words);
  expect(code).toBe(1);
  expect(told).toMatch(
    /^Cannot run bootstrap download: ENOTDIR: .+\nNext: Is what it names there, .+\n$/,
  );
  const asJson: unknown = JSON.parse(run([...words, "--json"]).told);
  expect(asJson).toMatchObject({ event: "error", code: "SYSTEM" });
}, 120_000);

test("that Git is missing is told as well", () => {
  const { code, told } = run(["up"], "/nowhere");
  expect(code).toBe(1);
  expect(told).toStartWith('Cannot run bootstrap up: Executable not found in $PATH: "git"\n');
}, 120_000);

test("explainError() leaves a fault of ours its stack, and our own errors as they are", () => {
  expect(explainError("up", new TypeError("x is not a function"))).toBeUndefined();
  const own = new BootstrapError("Cannot go on: no", { code: "GIT" });
  expect(explainError("up", own)).toBe(own);
});
