import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "./build.ts";
import { compareVersions, findJudge, judge } from "./differential/judge.ts";
import { BuildError } from "./errors.ts";
import { createMemoryFileSystem } from "./file-system.ts";

// Small builds, a file each in the format of Go's txtar: the files of the build, then what kustomize
// 5.8.1 made of them, `/expected.yaml` or a part of its message, `/error`. The root is /app.
const ARCHIVES = join(import.meta.dir, "../testdata/archives");
const OUTCOMES: ReadonlySet<string> = new Set(["/expected.yaml", "/error"]);

type Files = ReadonlyMap<string, string>;

function readArchive(name: string): Files {
  const parts = readFileSync(join(ARCHIVES, name), "utf8").split(/^-- (\S+) --\n/m);
  const files = new Map<string, string>();
  for (let i = 1; i + 1 < parts.length; i += 2) files.set(parts[i] ?? "", parts[i + 1] ?? "");
  return files;
}

function inputsOf(archive: Files): [string, string][] {
  return [...archive].filter(([path]) => !OUTCOMES.has(path));
}

function buildOurs(archive: Files): string {
  try {
    return build("/app", { fs: createMemoryFileSystem(new Map(inputsOf(archive))) }).text;
  } catch (error) {
    if (error instanceof BuildError) return error.message;
    throw error;
  }
}

function check(outcome: string, archive: Files): void {
  const message = archive.get("/error");
  if (message === undefined) expect(outcome).toBe(archive.get("/expected.yaml") ?? "");
  else expect(outcome).toContain(message.trim());
}

const archives = readdirSync(ARCHIVES);

test.each(archives)("build() does with %s what the real one does", (name) => {
  const archive = readArchive(name);
  check(buildOurs(archive), archive);
});

const found = findJudge(process.env);
// Older ones say and do some of it in another way.
const by =
  found !== undefined && compareVersions(found.version, [5, 8, 1]) >= 0 ? found : undefined;

test.skipIf(by === undefined).each(archives)("the real one has settled %s", async (name) => {
  if (by === undefined) return;
  const archive = readArchive(name);
  const folder = mkdtempSync(join(tmpdir(), "kustomize-archive-"));
  try {
    for (const [path, content] of inputsOf(archive)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const words = [...by.words, "--reorder=none"];
    const verdict = await judge({ ...by, words }, join(folder, "app"));
    const text = "text" in verdict ? verdict.text : verdict.error;
    check(toMemory(text.replaceAll(folder, "")), archive);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What is said of a missing file, as it is said of one in memory. */
function toMemory(text: string): string {
  return text.replaceAll(
    /evalsymlink failure on ('[^']*') : lstat \S+: no such file or directory/g,
    "$1 doesn't exist",
  );
}
