import { afterAll, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A version is raised, and Go cannot build it: tests shall be skipped, not asked of the program from before.

const CI = join(import.meta.dirname, "../../../.ci");
const root = mkdtempSync(join(tmpdir(), "hookline-ci-programs-"));
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ["build-limiter", "limiter", ["service_cmd", "config_check_cmd"], "version"],
  ["install-judges", "judges/bin", ["kubeconform"], ".kubeconform-version"],
])(".ci/%s leaves no program of another version", (script, folder, programs, mark) => {
  const place = join(root, ".cache", folder);
  const bin = join(root, "bin");
  for (const path of [place, bin, join(root, ".ci")]) mkdirSync(path, { recursive: true });
  writeFileSync(join(bin, "go"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  for (const name of programs) writeFileSync(join(place, name), "old", { mode: 0o755 });
  writeFileSync(join(place, mark), "v0.0.1\n");
  copyFileSync(join(CI, script), join(root, ".ci", script));
  const { stdout, exitCode } = Bun.spawnSync(["bash", join(root, ".ci", script)], {
    env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}` },
  });
  expect(exitCode).toBe(0);
  expect(stdout.toString()).toContain("Cannot build ");
  expect(programs.filter((name) => existsSync(join(place, name)))).toEqual([]);
});
