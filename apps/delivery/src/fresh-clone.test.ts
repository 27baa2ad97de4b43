// Needs git.
import { expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

// Who has just cloned the repository has no node_modules, and types what the README says.

const ROOT = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));

test("the README names the commands that install, and says what the others want", () => {
  const [sentence = "", ...names] =
    /`(\w+)`, `(\w+)` and `(\w+)` install what they need; any other `bun run` wants `bun install` once/.exec(
      readme,
    ) ?? [];
  const installing = Object.keys(scripts).filter((name) =>
    scripts[name]?.startsWith("bun .ci/check-bun.ts && bun install --frozen-lockfile "),
  );
  expect(installing.toSorted()).toEqual(names.toSorted());
  expect(readme.split(sentence).length).toBe(2);
});

test.each([
  ["an older Bun what helps", "bun@99.0.0", 1, /npm install --global bun@99\.0\.0$/m],
  ["this Bun nothing", `bun@${Bun.version}`, 0, /^$/],
  ["a newer Bun nothing", "bun@1.0.0", 0, /^$/],
])("who installs is told: with %s", async (_, packageManager, code, told) => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-bun-"));
  try {
    await Bun.write(join(folder, "package.json"), JSON.stringify({ packageManager }));
    await Bun.write(join(folder, ".ci/check-bun.ts"), Bun.file(join(ROOT, ".ci/check-bun.ts")));
    const command = [process.execPath, join(folder, ".ci/check-bun.ts")];
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: folder });
    expect({ exitCode, stderr: stderr.toString() }).toEqual({
      exitCode: code,
      stderr: expect.stringMatching(told),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a clone has the bytes that were committed, where Git turns line breaks into those of Windows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-breaks-"));
  try {
    copyFileSync(join(ROOT, ".gitattributes"), join(folder, ".gitattributes"));
    await Bun.write(join(folder, "run"), "#!/bin/sh\n");
    const git = (...words: readonly string[]) => Bun.spawnSync(["git", ...words], { cwd: folder });
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "--quiet", "-m", "one");
    git("clone", "--quiet", "--config", "core.autocrlf=true", ".", "clone");
    expect(readFileSync(join(folder, "clone/run"), "utf8")).toBe("#!/bin/sh\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what needs Git is skipped aloud where there is none", () => {
  const needy = "packages/lib-version/src/read-version.test.ts";
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "test", needy], {
    cwd: ROOT,
    env: { PATH: "/nowhere", HOME: tmpdir() },
  });
  expect(stderr.toString()).toContain("all tests of this file, for there is no git here");
  expect(exitCode).toBe(0);
});

test("the README is no longer than 120 lines", () => {
  expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});

test("the gate passes over what the commands of the README write into the tree", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-lint-"));
  try {
    for (const name of ["biome.json", ".gitignore"])
      copyFileSync(join(ROOT, name), join(folder, name));
    const written = ["models/v1/card.json", "data/manifest.json"];
    for (const path of ["src/badly-laid-out.json", ...written])
      await Bun.write(join(folder, path), '{ "a":1}');
    const biome = join(ROOT, "node_modules/.bin/biome");
    const { stderr } = Bun.spawnSync([biome, "check"], { cwd: folder });
    expect(stderr.toString()).toContain("src/badly-laid-out.json format");
    for (const path of written) expect(stderr.toString()).not.toContain(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
