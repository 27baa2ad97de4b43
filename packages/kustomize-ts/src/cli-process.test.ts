import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(import.meta.dir, "cli.ts");
const TIMEOUT_MS = 120_000;
const home = mkdtempSync(join(tmpdir(), "kustomize-process-"));
afterAll(() => rmSync(home, { recursive: true }));

test.each([[["--cwd=folder"]], [["--cwd", "folder"]]])(
  "kustomize runs in the folder that bun is sent to by %j",
  (flags) => {
    mkdirSync(join(home, "folder"), { recursive: true });
    writeFileSync(join(home, "folder/kustomization.yaml"), "configMapGenerator: [{name: a}]\n");
    const { BUN_JSC_useDFGJIT: _own, ...env } = process.env;
    const child = Bun.spawnSync([process.execPath, ...flags, CLI, "build"], { cwd: home, env });
    expect(child.stderr.toString()).toBe("");
    expect(child.stdout.toString()).toContain("name: a-");
  },
  TIMEOUT_MS,
);

test.each([
  ["without the optimiser", {}, 2, "useDFGJIT=false"],
  ["as the environment has it", { BUN_JSC_useDFGJIT: "1" }, 1, "useDFGJIT=true"],
])(
  "kustomize runs %s",
  (_, given, starts, option) => {
    const { BUN_JSC_useDFGJIT: _own, ...inherited } = process.env;
    const env = { ...inherited, ...given, BUN_JSC_dumpOptions: "1" };
    const child = Bun.spawnSync([process.execPath, CLI, "version"], { cwd: home, env });
    expect(child.stdout.toString()).toContain("kustomize-ts 0.1.0");
    const dumps = child.stderr.toString().split("Modified JSC options:").slice(1);
    expect(dumps.length).toBe(starts);
    expect(dumps.at(-1)).toContain(option);
  },
  TIMEOUT_MS,
);
