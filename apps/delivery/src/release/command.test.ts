// Needs git.
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "@hookline/kustomize-ts";
import { startOver } from "../testing/start-over.ts";
import { runRelease } from "./command.ts";

const GITOPS = join(import.meta.dirname, "../../../../gitops");
const DIGEST = `sha256:${"a".repeat(64)}`;
const NEXT = "next: commit, git tag v0.2.0, push both\n";
const OTHER_DIGEST = `sha256:${"b".repeat(64)}`;

// Each test starts git a dozen times.
setDefaultTimeout(120_000);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "release-"));
  write("apps/app/package.json", '{\n  "name": "@hookline/app",\n  "version": "0.1.0"\n}\n');
  write("apps/app/Dockerfile", "FROM scratch\n");
  write("apps/tool/package.json", '{\n  "version": "9.9.9"\n}\n');
  write("apps/model-service/models/v1/card.json", '{ "version": "1.0.0" }');
  write("packages/mesh/package.json", '{\n  "version": "0.1.0",\n  "type": "module"\n}\n');
  git("init", "-q", "-b", "main");
  commit("feat(app): begin");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function git(...words: string[]): void {
  const who = ["-c", "user.name=n", "-c", "user.email=e@example.org"];
  execFileSync("git", [...who, ...words], { cwd: root, stdio: "pipe" });
}

function commit(message: string): void {
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", message);
}

function run(...words: string[]): string {
  let output = "";
  runRelease(words, {
    root,
    print: (text) => {
      output += text;
    },
  });
  return output;
}

test("release plan reads programs, models and libraries of a checkout", () => {
  git("tag", "v0.1.0");
  git("tag", "model-v1.0.0");
  expect(run("plan")).toBe(`image    app: 0.1.0, 0.1, 0, latest (the commit is tagged v0.1.0)
image    model: 1.0.0, 1.0, 1, latest (the commit is tagged model-v1.0.0)
library  mesh 0.1.0 (it was never released)
`);
});

test("release plan counts what changes a library for its users, and nothing else", () => {
  git("tag", "mesh-v0.1.0");
  git("tag", "v0.1.0");
  write("packages/mesh/src/a.test.ts", "");
  write("packages/mesh/testdata/a.yaml", "");
  commit("test(mesh): look closer");
  expect(run("plan")).toContain("nothing  mesh: unchanged since 0.1.0\n");
  write("packages/mesh/src/a.ts", "");
  commit("fix(mesh): mend");
  expect(run("plan")).toContain("library  mesh 0.1.1 (1 commit since 0.1.0 changed it)\n");
  expect(run("plan")).toContain("its 2 commits since v0.1.0 ask for v0.1.1\n");
});

test("release prepare writes the version of the programs, and of nothing else", () => {
  expect(run("prepare", "0.2.0")).toBe(`apps/app/package.json\n${NEXT}`);
  expect(readFileSync(join(root, "apps/app/package.json"), "utf8")).toBe(
    '{\n  "name": "@hookline/app",\n  "version": "0.2.0"\n}\n',
  );
  expect(run("prepare", "0.2.0")).toBe("all have 0.2.0 already; next: git tag v0.2.0, push it\n");
});

test("release prepare raises our images in compose.yaml, and no other byte", () => {
  const compose = (version: string) => `services:
  # the page
  app: &app
    image: ghcr.io/acme/app:${version} # built here
  other:
    image: ghcr.io/acme/tool:1.0.0
  redis:
    image: docker.io/library/app:8.6.4@${DIGEST}
`;
  write("compose.yaml", compose("0.1.0"));
  expect(run("prepare", "0.2.0")).toBe(`apps/app/package.json\ncompose.yaml\n${NEXT}`);
  expect(readFileSync(join(root, "compose.yaml"), "utf8")).toBe(compose("0.2.0"));
  expect(run("prepare", "0.2.0")).toBe("all have 0.2.0 already; next: git tag v0.2.0, push it\n");
});

test("release libraries writes what will be published, and what is", () => {
  write("packages/lib-ml/package.json", '{\n  "version": "0.1.0"\n}\n');
  commit("feat(lib-ml): begin");
  git("tag", "mesh-v0.1.0");
  git("tag", "lib-ml-v0.1.4");
  write("packages/mesh/index.ts", "");
  commit("feat(mesh): more");
  expect(run("libraries")).toBe("mesh-v0.1.1\n");
  expect(readFileSync(join(root, "packages/mesh/package.json"), "utf8")).toContain('"0.1.1"');
  expect(readFileSync(join(root, "packages/lib-ml/package.json"), "utf8")).toContain('"0.1.4"');
});

test("release notes tells the commits from one release to the next", () => {
  git("tag", "v0.1.0");
  commit("feat(app): more");
  git("tag", "v0.2.0-rc.1");
  commit("fix(app): mend");
  git("tag", "v0.2.0");
  commit("feat(app): later");
  const notes = run("notes", "v0.2.0").replace(/\([0-9a-f]{7}\)/g, "(hash)");
  expect(notes).toBe("## New\n\n- **app**: more (hash)\n\n## Mended\n\n- **app**: mend (hash)\n");
});

test("release deploy pins what was pushed at the canary and in the shadow, not at the stable one", () => {
  cpSync(GITOPS, join(root, "gitops"), {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  startOver(root);
  const digests = { app: DIGEST, "model-service": OTHER_DIGEST };
  write("digests.json", JSON.stringify({ version: "0.2.0", digests }));
  const file = join(root, "digests.json");
  expect(run("deploy", file)).toBe(
    "app-canary 0.2.0\nmodel-service-shadow 0.2.0\nnext: bun run render, commit, push\n",
  );
  const { text } = build(join(root, "gitops/overlays/production"));
  const images = text.match(/image: ghcr.io\/hookline\/(app|model-service)[:@].*/g) ?? [];
  expect(images.map((line) => line.replace("image: ghcr.io/hookline/", "")).sort()).toEqual([
    "app:0.1.0",
    `app:0.2.0@${DIGEST}`,
    "model-service:0.1.0",
    `model-service:0.2.0@${OTHER_DIGEST}`,
  ]);
  expect(run("deploy", file)).toBe("nothing to do: it is so already\n");
});

test.each([
  [
    ["plan", "a", "b"],
    'Cannot read the arguments: "b" is one word too many; see bun run release --help',
  ],
  [["fly"], 'there is no command "fly"'],
  [["plan", "--now"], "Unknown option '--now'"],
  [["prepare"], 'expected "prepare VERSION"'],
  [["prepare", "1"], '"1" is no version such as 1.2.3'],
  [["deploy"], 'expected "deploy FILE"'],
  [
    ["deploy", "no-such.json"],
    'Cannot read the digests: there is no file "no-such.json" that can be read',
  ],
  [["notes", "v9.9.9"], 'Cannot write the notes: there is no tag "v9.9.9"; set it, or fetch tags'],
  [["notes", "0.1.0"], '"0.1.0" is no tag such as v1.2.3'],
])("release %p is refused", (words, message) => {
  expect(() => run(...words)).toThrow(message);
});

test("release deploy refuses an image that nothing pins, and pins none of the others", () => {
  cpSync(join(GITOPS, "components/canary"), join(root, "gitops/components/canary"), {
    recursive: true,
  });
  startOver(root);
  const before = readFileSync(join(root, "gitops/components/canary/kustomization.yaml"), "utf8");
  write(
    "digests.json",
    JSON.stringify({ version: "0.2.0", digests: { app: DIGEST, "model-servce": OTHER_DIGEST } }),
  );
  expect(() => run("deploy", join(root, "digests.json"))).toThrow(
    "Cannot deploy model-servce: there is no such image, but app",
  );
  const after = readFileSync(join(root, "gitops/components/canary/kustomization.yaml"), "utf8");
  expect(after).toBe(before);
});

test.each([
  ["no JSON", "{"],
  ["a version that is none", '{"version":"latest","digests":{}}'],
  ["a digest that is none", '{"version":"1.0.0","digests":{"app":"sha256:1"}}'],
  ["an unknown field", `{"version":"1.0.0","digests":{},"more":1}`],
])("release deploy refuses a file with %s", (_, text) => {
  write("digests.json", text);
  expect(() => run("deploy", join(root, "digests.json"))).toThrow("Cannot read the digests");
});
