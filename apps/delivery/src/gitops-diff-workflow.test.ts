import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@hookline/kustomize-ts";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../../..");
const WORKFLOW = join(ROOT, ".github/workflows/gitops-diff.yml");
const Workflow = z.object({
  jobs: z.object({
    diff: z.object({
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional() })),
    }),
  }),
});

const isRunnable = Bun.which("bash") !== null;
if (!isRunnable) console.warn("gitops-diff workflow: skipped, there is no bash here");

setDefaultTimeout(120_000);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gitops-diff-workflow-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The step as it stands in the workflow, over a diff that is given; the programs but `diff` are those of this tree. */
function compare(changes: string) {
  const { jobs } = Workflow.parse(parseYaml(readFileSync(WORKFLOW, "utf8"), WORKFLOW));
  const step = jobs.diff.steps.find(({ name }) => name === "Render both and compare");
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const bun = `#!/bin/sh\nif [ "$2" = diff ]; then cat given.txt; else exec '${process.execPath}' "$@"; fi\n`;
  writeFileSync(join(bin, "bun"), bun, { mode: 0o755 });
  writeFileSync(join(bin, "git"), "#!/bin/sh\necho 1a2b3c4\n", { mode: 0o755 });
  writeFileSync(join(folder, "given.txt"), changes);
  writeFileSync(join(folder, "summary.md"), "");
  const script = step?.run?.replaceAll("gitops/cli.ts", join(ROOT, "gitops/cli.ts")) ?? "exit 1";
  const log = execFileSync("bash", ["-e", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 23,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env["PATH"]}`,
      BASE_REF: "origin/main",
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
      GITHUB_SERVER_URL: "https://host.example",
      GITHUB_REPOSITORY: "owner/name",
      GITHUB_RUN_ID: "7",
    },
  });
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { log, comment: read("diff.md"), summary: read("summary.md") };
}

test.skipIf(!isRunnable)("gitops-diff.yml shows a short diff whole", () => {
  const { log, comment, summary } = compare("canary: nothing changes\n");
  expect(log).toBe("canary: nothing changes\n");
  expect(comment).toEndWith("```\ncanary: nothing changes\n```\n");
  expect(summary).toBe(comment);
});

test.skipIf(!isRunnable)("gitops-diff.yml cuts what a comment cannot hold, and says so", () => {
  const changes = "  + ConfigMap hookline/straße-☺\n".repeat(40_000);
  const { log, comment, summary } = compare(changes);
  expect(log).toBe(changes);
  expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(60_000);
  expect(comment).toMatch(
    /straße-☺\n```\n\n[\d,]+ of 40,000 lines are left out here; all of it is in \[this run\]\(https:\/\/host\.example\/owner\/name\/actions\/runs\/7\)\.\n$/,
  );
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
  expect(summary).toMatch(/[\d,]+ of 40,000 lines .+ all of it is in the log of this run\.\n$/);
});
