// Needs git.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clone, createClone, isCheckout } from "../testing/clone.ts";

const isRunnable = isCheckout && Bun.which("jq") !== null && Bun.which("bash") !== null;
if (!isRunnable) console.warn("publish-libraries: skipped, there is no jq here, or no checkout");

const SCRIPT = join(import.meta.dirname, "../../../../.ci/publish-libraries");

/** What npm does of all that the script asks: it hands out what is there, and takes no version twice. */
const NPM = `#!/bin/sh
for spec; do :; done
place() { echo "$REGISTRY/$(echo "$1" | tr '/' '+').tgz"; }
if [ "$1" = pack ]; then
  while [ "$1" != --pack-destination ]; do shift; done
  [ ! -e "$REGISTRY/away" ] || { echo "npm error code ENOTFOUND" >&2; exit 1; }
  [ -f "$(place "$spec")" ] || { echo "npm error code E404" >&2; exit 1; }
  cp "$(place "$spec")" "$2/any-name.tgz"
else
  name=$(tar -xzOf "$spec" package/package.json | jq -r '"\\(.name)@\\(.version)"')
  [ ! -f "$(place "$name")" ] || { echo "npm error code E403" >&2; exit 1; }
  cp "$spec" "$(place "$name")"
fi
`;

// Each run packs every library.
setDefaultTimeout(120_000);
let clone: Clone;
let folder: string;
beforeAll(() => {
  if (!isRunnable) return;
  clone = createClone();
  copyFileSync(SCRIPT, join(clone.root, ".ci/publish-libraries"));
  folder = mkdtempSync(join(tmpdir(), "publish-libraries-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "registry"));
  writeFileSync(join(folder, "bin/npm"), NPM, { mode: 0o755 });
  clone.git("init", "--quiet", "--bare", join(folder, "origin"));
  clone.git("remote", "set-url", "origin", join(folder, "origin"));
});
afterAll(() => {
  if (!isRunnable) return;
  clone.remove();
  rmSync(folder, { recursive: true });
}, 120_000);

/** A run of the workflow: a checkout as Git has it, with the tags of origin. */
function publish(): { readonly status: number | null; readonly told: string } {
  clone.git("checkout", "--quiet", "--", "packages");
  for (const tag of listTags(clone.root)) clone.git("tag", "--delete", tag);
  clone.git("fetch", "--quiet", "origin", "refs/tags/*:refs/tags/*");
  const { status, stdout, stderr } = spawnSync("bash", [".ci/publish-libraries"], {
    cwd: clone.root,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      REGISTRY: join(folder, "registry"),
    },
  });
  return { status, told: `${stdout}${stderr}` };
}

function listTags(gitDir: string): string[] {
  const { stdout } = spawnSync("git", ["-C", gitDir, "tag", "--list"], { encoding: "utf8" });
  return stdout.split("\n").filter((tag) => tag !== "");
}

const listPublished = () => readdirSync(join(folder, "registry")).sort();
const LIBRARIES = readdirSync(join(import.meta.dirname, "../../../../packages"));

test.skipIf(!isRunnable)("a run whose tags could not be pushed is repeated with success", () => {
  clone.git("remote", "set-url", "--push", "origin", join(folder, "no-such-origin"));
  expect(publish().status).not.toBe(0);
  expect(listPublished()).toHaveLength(1);
  clone.git("remote", "set-url", "--push", "origin", join(folder, "origin"));

  const repeated = publish();
  expect(repeated).toMatchObject({ status: 0 });
  expect(repeated.told.match(/^\S+: published before with the same files$/gm)).toHaveLength(1);
  expect(repeated.told.match(/^\S+: published$/gm)).toHaveLength(LIBRARIES.length - 1);
  expect(listTags(join(folder, "origin"))).toHaveLength(LIBRARIES.length);
  expect(listPublished()).toHaveLength(LIBRARIES.length);

  expect(publish()).toEqual({ status: 0, told: "" });
});

test.skipIf(!isRunnable)("a version that npm has with other files stops the run, untagged", () => {
  publish();
  spawnSync("git", ["-C", join(folder, "origin"), "tag", "--delete", "lib-version-v0.1.0"]);
  const file = join(folder, "registry/@hookline+lib-version@0.1.0.tgz");
  const before = readFileSync(file);
  appendFileSync(join(clone.root, "packages/lib-version/src/index.ts"), "// changed\n");
  clone.git("commit", "--quiet", "--all", "--message=fix(lib-version): change it");
  const { status, told } = publish();
  expect(status).toBe(1);
  expect(told).toMatch(/^Files .+index\.ts differ$/m);
  expect(told).toContain(
    "Cannot publish: npm has @hookline/lib-version@0.1.0 with other files; tag the commit that it was published from as lib-version-v0.1.0, or raise the version in packages/lib-version/package.json\n",
  );
  expect(listTags(join(folder, "origin"))).not.toContain("lib-version-v0.1.0");
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.skipIf(!isRunnable)("what npm gives cut off is not taken for none", () => {
  publish();
  spawnSync("git", ["-C", join(folder, "origin"), "tag", "--delete", "lib-version-v0.1.0"]);
  writeFileSync(join(folder, "registry/@hookline+lib-version@0.1.0.tgz"), "cut off");
  const { status, told } = publish();
  expect(status).toBe(1);
  expect(told).toContain(
    "Cannot publish: what npm gives as @hookline/lib-version@0.1.0 cannot be unpacked; try again\n",
  );
});

test.skipIf(!isRunnable)("nothing is published while npm does not say what it has", () => {
  writeFileSync(join(folder, "registry/away"), "");
  const { status, told } = publish();
  expect(status).toBe(1);
  expect(told).toMatch(
    /^Cannot publish: npm does not say whether it has @hookline\/[\w-]+@0\.1\.0; try again$/m,
  );
});
