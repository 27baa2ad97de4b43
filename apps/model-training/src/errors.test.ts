import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainError, TrainingError } from "./errors.ts";
import { runFleet } from "./fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-errors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const DATA = join(import.meta.dirname, "../testdata");

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("explainError() tells what the system refuses in a sentence, and no fault of ours", () => {
  const missing = errorOf(() => readFileSync(join(folder, "none")));
  expect(explainError("train", missing)).toMatchObject({
    code: "OUTPUT_FAILED",
    message: expect.stringMatching(/^Cannot train: ENOENT: [^\n]+$/),
  });
  expect(explainError("train", new TypeError("x is not a function"))).toBeUndefined();
  const own = new TrainingError("BAD_ROW", "Cannot read row a:1: no");
  expect(explainError("train", own)).toBe(own);
});

const full = errorOf(() => writeFileSync("/dev/full", "x"));
const hasFull = full instanceof Error && full.message.startsWith("ENOSPC");
test.skipIf(!hasFull)(
  "explainError() knows a disk that is full, also where a model is written",
  async () => {
    expect(explainError("train", full)).toMatchObject({ code: "DISK_FULL" });
    symlinkSync("/dev/full", join(folder, "model.onnx"));
    const file = (role: string) => [join(DATA, `${role}.tsv`)];
    const files = { train: file("train"), val: file("val"), test: file("test"), holdout: [] };
    const job = { files, excludeSources: [], twin: false, folder };
    await expect(runFleet([{ ...job, kind: "linear", seeds: [1] }])).rejects.toMatchObject({
      name: "TrainingError",
      code: "DISK_FULL",
    });
  },
  120_000,
);
