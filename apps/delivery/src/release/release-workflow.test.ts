// Needs git.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml } from "@hookline/kustomize-ts";
import { z } from "zod";
import { runPromote, runRollback } from "../promote/command.ts";
import { type Clone, createClone, isCheckout } from "../testing/clone.ts";
import { listPrograms } from "./read-repository.ts";

const isRunnable = isCheckout && Bun.which("jq") !== null && Bun.which("bash") !== null;
if (!isRunnable) console.warn("release workflow: skipped, there is no jq here, or no checkout");

const WORKFLOW = join(import.meta.dirname, "../../../../.github/workflows/release.yml");
const Workflow = z.object({
  jobs: z.object({
    deploy: z.object({
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional() })),
    }),
  }),
});
/** What reads a pin somewhere; each was red once after a release. */
const READERS = [
  "bootstrap/src/compose/compose.test.ts",
  "bootstrap/src/list-images.test.ts",
  "gitops/planted-pods.test.ts",
  "gitops/render.test.ts",
];
/** Of them, all but what goes through every mixture of the components: each overlay is one, with the same pins. */
const NAMES = "^(?!any subset of the components)";
const QUIET = { print: () => {} };

// Each release renders all overlays.
setDefaultTimeout(300_000);
let clone: Clone;
let folder: string;
let before: string;
beforeAll(() => {
  if (!isRunnable) return;
  clone = createClone();
  folder = mkdtempSync(join(tmpdir(), "release-workflow-"));
  clone.git("branch", "--move", "--force", "main");
  clone.git("init", "--quiet", "--bare", join(folder, "origin"));
  clone.git("remote", "set-url", "origin", join(folder, "origin"));
  clone.git("push", "--quiet", "origin", "main");
  before = clone.git("rev-parse", "HEAD").trim();
});
afterAll(() => {
  if (!isRunnable) return;
  clone.remove();
  rmSync(folder, { recursive: true });
});

/** The last step of release.yml, as it stands there, with the digests that its jobs hand on. */
function deploy(version: string, digit: string): void {
  const { jobs } = Workflow.parse(parseYaml(readFileSync(WORKFLOW, "utf8"), WORKFLOW));
  const step = jobs.deploy.steps.find(({ name }) => name?.startsWith("Pin it"));
  mkdirSync(join(folder, "pushed"), { recursive: true });
  for (const name of listPrograms(clone.root)) {
    writeFileSync(join(folder, "pushed", name), `sha256:${digit.repeat(64)}\n`);
  }
  const script = step?.run?.replaceAll("/tmp/", `${folder}/`) ?? "exit 1";
  execFileSync("bash", ["-eo", "pipefail", "-c", script], {
    cwd: clone.root,
    env: { ...process.env, GITHUB_REF_NAME: `v${version}` },
    stdio: "pipe",
  });
}

function askOrigin(...words: string[]): string {
  return clone.git("--git-dir", join(folder, "origin"), ...words);
}

/** The tags of the canary, the shadow and its report, and of what everybody gets, at origin. */
function readTags(): string[] {
  return ["components/canary", "components/shadow", "base"].flatMap((path) => {
    const text = askOrigin("show", `main:gitops/${path}/kustomization.yaml`);
    return text.match(/(?<=newTag: ).+/g) ?? [];
  });
}

function readMain(): string {
  const { status, stderr } = spawnSync(process.execPath, ["test", "-t", NAMES, ...READERS], {
    cwd: clone.root,
    encoding: "utf8",
  });
  return status === 0 ? "green" : stderr;
}

test.skipIf(!isRunnable)("release.yml pins a release by a commit that leaves main green", () => {
  deploy("0.2.0", "a");
  expect(askOrigin("log", "-1", "--format=%s%n%(trailers)", "main").trim()).toBe(
    "chore(gitops): begin with v0.2.0 at the canary\nHookline-Delivery: release deploy v0.2.0",
  );
  expect(readTags()).toEqual(["0.2.0", "0.2.0", "2.0.0", "0.2.0", "0.1.0", "0.1.0", "1.0.0"]);
  expect(readMain()).toBe("green");
});

test.skipIf(!isRunnable)("a release is taken back by rollback, the newest first", () => {
  deploy("0.3.0", "b");
  expect(readTags()[0]).toBe("0.3.0");
  runRollback([], { root: clone.root, ...QUIET });
  expect(clone.git("diff", "HEAD", "HEAD~2")).toBe("");
  runRollback([], { root: clone.root, ...QUIET });
  expect(clone.git("diff", "HEAD", before)).toBe("");
});

test.skipIf(!isRunnable)("main is green when everybody has what was 0.1.0 before", () => {
  clone.git("reset", "--quiet", "--hard", before);
  clone.git("push", "--quiet", "--force", "origin", "main");
  // The version of the sources: stable and canary are of one tag, and only the canary has a digest.
  deploy("0.1.0", "c");
  expect(readMain()).toBe("green");
  runPromote(["canary", "--to", "stable"], { root: clone.root, ...QUIET });
  expect(readMain()).toBe("green");
});
