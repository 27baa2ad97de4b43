import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYaml } from "@hookline/kustomize-ts";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../../..");
const FILES = globSync(".github/workflows/*.yml", { cwd: ROOT }).sort();

const Permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const Workflow = z.object({
  permissions: Permissions,
  jobs: z.record(
    z.string(),
    z.object({ permissions: Permissions.optional(), "timeout-minutes": z.number() }),
  ),
});

/** A judge on the PATH, or where the gate installs it. */
function findProgram(name: string): string | undefined {
  return (
    Bun.which(name) ?? [join(ROOT, ".cache/judges/bin", name)].find((path) => existsSync(path))
  );
}

function judge(name: string, words: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(name, words, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}

test.each(FILES)("%s names every action by its digest, with the version beside it", (file) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
  expect(
    uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
  ).toEqual([]);
});

test.each(FILES)("%s may only read unless a job says why, and each job ends", (file) => {
  const { permissions, jobs } = Workflow.parse(
    parseYaml(readFileSync(join(ROOT, file), "utf8"), file),
  );
  expect(permissions).toEqual({ contents: "read" });
  expect(Object.values(jobs).filter((job) => job["timeout-minutes"] > 60)).toEqual([]);
});

for (const [name, words] of [
  ["actionlint", FILES],
  ["zizmor", ["--offline", "--quiet", ...FILES]],
] as const) {
  const program = findProgram(name);
  if (program === undefined) console.warn(`workflows: skipped, there is no ${name} here`);
  test.skipIf(program === undefined)(
    `${name} finds nothing in the workflows`,
    () => expect(judge(program ?? name, words)).toBe(""),
    120_000,
  );
}
