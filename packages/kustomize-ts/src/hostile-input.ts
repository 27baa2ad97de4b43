import { afterAll, expect } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const CLI = join(import.meta.dir, "cli.ts");
/** A build that takes longer is killed, and its test fails. */
export const TIME_LIMIT_MS = 20_000;
const MEMORY_LIMIT = 1024 * 1024 * 1024;

type Content = string | Uint8Array | { readonly link: string } | { readonly fifo: true };
export type Files = Readonly<Record<string, Content>>;

export const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n";
export const ONE = "resources:\n- r.yaml\n";

/** Writes what nobody should be given, each in a folder of its own; all is removed after the tests of the file. */
export function useHostileHome(): (files: Files) => string {
  const home = mkdtempSync(join(tmpdir(), "kustomize-hostile-"));
  afterAll(() => rmSync(home, { recursive: true }));
  let count = 0;
  return (files) => {
    count += 1;
    const folder = join(home, String(count));
    for (const [path, content] of Object.entries(files)) writeContent(join(folder, path), content);
    return folder;
  };
}

function writeContent(path: string, content: Content): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(path, content);
  else if ("link" in content) symlinkSync(content.link, path);
  else Bun.spawnSync(["mkfifo", path]);
}

/**
 * Runs the command that its arguments are, and prints what became of it. It stands between, because
 * a process counts the memory of the one that started it as its own, and `bun test` grows above the limit.
 */
const MEASURE = `
const child = Bun.spawnSync(process.argv.slice(1), { timeout: ${TIME_LIMIT_MS}, maxBuffer: ${1 << 28} });
const [stdout, stderr] = [child.stdout.toString(), child.stderr.toString()];
const { exitCode, signalCode, resourceUsage } = child;
console.log(JSON.stringify({ stdout, stderr, exitCode, signalCode, bytes: resourceUsage.maxRSS }));
`;

/** Runs the command in a process of its own: it must end by itself, and within its memory. */
export function runHostile(
  folder: string,
  ...words: readonly string[]
): { code: string; stdout: string; stderr: string } {
  const command = [process.execPath, CLI, "build", folder, "--json", ...words];
  const measured = Bun.spawnSync([process.execPath, "-e", MEASURE, ...command]);
  const { stdout, stderr, exitCode, signalCode, bytes } = JSON.parse(measured.stdout.toString());
  expect(signalCode).toBeUndefined();
  expect(bytes).toBeLessThan(MEMORY_LIMIT);
  return { code: exitCode === 0 ? "" : String(JSON.parse(stderr).error.code), stdout, stderr };
}
