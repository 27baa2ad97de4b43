import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIMEOUT_MS = 120_000;
const home = mkdtempSync(join(tmpdir(), "kustomize-program-"));
beforeAll(() => {
  // More than a pipe holds.
  writeFileSync(join(home, "data"), "x".repeat(300_000));
  const text = "configMapGenerator: [{name: a, files: [data]}]\n";
  writeFileSync(join(home, "kustomization.yaml"), text);
});
afterAll(() => rmSync(home, { recursive: true }));

/** Builds into what a shell makes of `into`; gives the exit code and what stands on stderr. */
function build(into: string): string {
  const script = `{ "$0" "$@"; echo $? > code.txt; } 2> err.txt ${into}`;
  const words = [process.execPath, join(import.meta.dir, "cli.ts"), "build"];
  Bun.spawnSync(["sh", "-c", script, ...words], { cwd: home });
  return ["code.txt", "err.txt"].map((file) => readFileSync(join(home, file), "utf8")).join("");
}

describe("main()", () => {
  test(
    "says nothing to who has read enough",
    () => {
      expect(build("| head -c 1")).toBe("141\n");
    },
    TIMEOUT_MS,
  );

  test.skipIf(!existsSync("/dev/full"))(
    "says that the disk is full",
    () => {
      expect(build("> /dev/full")).toBe("1\nError: ENOSPC: no space left on device, write\n");
    },
    TIMEOUT_MS,
  );
});
