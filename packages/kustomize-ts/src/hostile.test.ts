import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "./build.ts";
import { createMemoryFileSystem, type FileSystem } from "./file-system.ts";

const CLI = join(import.meta.dir, "cli.ts");
/** A build that takes longer is killed, and its test fails. */
const TIME_LIMIT_MS = 20_000;
const MEMORY_LIMIT = 1024 * 1024 * 1024;
const home = mkdtempSync(join(tmpdir(), "kustomize-hostile-"));
afterAll(() => rmSync(home, { recursive: true }));

type Content = string | Uint8Array | { readonly link: string } | { readonly fifo: true };
type Files = Readonly<Record<string, Content>>;

let count = 0;

/** Files in a folder of their own. */
function write(files: Files): string {
  count += 1;
  const folder = join(home, String(count));
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) {
      writeFileSync(full, content);
    } else if ("link" in content) {
      symlinkSync(content.link, full);
    } else {
      Bun.spawnSync(["mkfifo", full]);
    }
  }
  return folder;
}

/** Runs the command in a process of its own: it must end by itself, and within its memory. */
function run(
  folder: string,
  ...words: readonly string[]
): { code: string; stdout: string; stderr: string } {
  const child = Bun.spawnSync([process.execPath, CLI, "build", folder, "--json", ...words], {
    timeout: TIME_LIMIT_MS,
    maxBuffer: 1 << 28,
  });
  expect(child.signalCode).toBeUndefined();
  expect(child.resourceUsage?.maxRSS ?? 0).toBeLessThan(MEMORY_LIMIT);
  const stderr = child.stderr.toString();
  const code = child.exitCode === 0 ? "" : String(JSON.parse(stderr).error.code);
  return { code, stdout: child.stdout.toString(), stderr };
}

const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n";
const ONE = "resources:\n- r.yaml\n";
const deep = (open: string, close: string, inside = ""): string =>
  open.repeat(10_000) + inside + close.repeat(10_000);
const laughs = Array.from({ length: 40 }, (_, at) =>
  at === 0 ? "  a0: &a0 [x, x]" : `  a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`,
).join("\n");
const merges = Array.from({ length: 40 }, (_, at) =>
  at === 0
    ? "  m0: &m0 {k: v}"
    : `  m${at}: &m${at}\n    <<: [*m${at - 1}, *m${at - 1}]\n    k${at}: *m${at - 1}`,
).join("\n");

const REFUSED: readonly (readonly [string, Files, RegExp])[] = [
  [
    "aliases that double forty times",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n${laughs}\n` },
    /^YAML_/,
  ],
  [
    "aliases in the kustomization itself",
    { "kustomization.yaml": `x:\n${laughs}\n` },
    /^(YAML_|UNKNOWN_FIELD|WRONG_TYPE)/,
  ],
  [
    "merges that double forty times",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n${merges}\n` },
    /^YAML_/,
  ],
  [
    "an alias to itself",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data: &a\n  b: *a\n` },
    /^YAML_/,
  ],
  [
    "lists ten thousand deep",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data: ${deep("[", "]")}\n` },
    /^YAML_/,
  ],
  [
    "maps ten thousand deep",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data: ${deep("{a: ", "}", "b")}\n` },
    /^YAML_/,
  ],
  [
    "dashes ten thousand deep",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n${"- ".repeat(10_000)}x\n` },
    /^YAML_/,
  ],
  [
    "blocks ten thousand deep",
    {
      "kustomization.yaml": ONE,
      "r.yaml": `${MAP}data:\n${Array.from({ length: 10_000 }, (_, at) => `${" ".repeat(at + 1)}a:`).join("\n")} x\n`,
    },
    /^(YAML_|FILE_TOO_LARGE)/,
  ],
  ["brackets that nothing closes", { "kustomization.yaml": "[".repeat(1_000_000) }, /^YAML_/],
  [
    "a JSON patch ten thousand deep",
    {
      "kustomization.yaml": `${ONE}patches:\n- target: {kind: ConfigMap}\n  patch: '[{"op":"add","path":"/data","value":${deep("[", "]")}}]'\n`,
      "r.yaml": MAP,
    },
    /^(YAML_|INVALID_)/,
  ],
  [
    "a file of 50 MB",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n  a: ${"x".repeat(50_000_000)}\n` },
    /^FILE_TOO_LARGE$/,
  ],
  [
    "a kustomization of 50 MB",
    { "kustomization.yaml": `# ${"x".repeat(50_000_000)}\n` },
    /^FILE_TOO_LARGE$/,
  ],
  ["a base that is its own", { "kustomization.yaml": "resources:\n- .\n" }, /^CYCLE$/],
  [
    "bases that go round",
    {
      "kustomization.yaml": "resources:\n- a\n",
      "a/kustomization.yaml": "resources:\n- ../b\n",
      "b/kustomization.yaml": "resources:\n- ../a\n",
    },
    /^CYCLE$/,
  ],
  [
    "components that go round",
    {
      "kustomization.yaml": "components:\n- a\n",
      "a/kustomization.yaml":
        "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents:\n- ../a\n",
    },
    /^CYCLE$/,
  ],
  [
    "a resource above the root",
    { "k/kustomization.yaml": "resources:\n- ../r.yaml\n", "r.yaml": MAP },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "an absolute resource",
    { "kustomization.yaml": "resources:\n- /etc/hostname\n" },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a link that leads out",
    { "k/kustomization.yaml": ONE, "k/r.yaml": { link: "../r.yaml" }, "r.yaml": MAP },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a linked folder that leads out",
    {
      "k/kustomization.yaml": "resources:\n- sub/r.yaml\n",
      "k/sub": { link: ".." },
      "r.yaml": MAP,
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a generator file above the root",
    {
      "k/kustomization.yaml": "configMapGenerator:\n- name: a\n  files: [../secret]\n",
      secret: "s",
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "an env file above the root",
    { "k/kustomization.yaml": "secretGenerator:\n- name: a\n  envs: [../secret]\n", secret: "a=b" },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a patch above the root",
    {
      "k/kustomization.yaml": `${ONE}patches:\n- path: ../p.yaml\n`,
      "k/r.yaml": MAP,
      "p.yaml": MAP,
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a link to itself",
    { "kustomization.yaml": ONE, "r.yaml": { link: "r.yaml" } },
    /^(FILE_NOT_FOUND|NOT_A_DIRECTORY)$/,
  ],
  [
    "a pipe that nobody writes to",
    { "kustomization.yaml": ONE, "r.yaml": { fifo: true } },
    /^FILE_/,
  ],
  [
    "a device without end",
    { "kustomization.yaml": ONE, "r.yaml": { link: "/dev/zero" } },
    /^(OUTSIDE_ROOT|FILE_)/,
  ],
  [
    "text that is not UTF-8",
    { "kustomization.yaml": ONE, "r.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]) },
    /^(NOT_UTF8|YAML_)/,
  ],
  [
    "a kustomization that is not UTF-8",
    { "kustomization.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0x0a]) },
    /^(NOT_UTF8|YAML_)/,
  ],
  [
    "a key twice",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}kind: Secret\n` },
    /^YAML_DUPLICATE_KEY$/,
  ],
  [
    "tabs for spaces",
    {
      "kustomization.yaml": ONE,
      "r.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: m\n",
    },
    /^YAML_/,
  ],
  [
    "a control character",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n  a: \u0001\n` },
    /^YAML_/,
  ],
  [
    "an unknown field",
    { "kustomization.yaml": "resource:\n- r.yaml\n", "r.yaml": MAP },
    /^UNKNOWN_FIELD$/,
  ],
  ["a field of every object", { "kustomization.yaml": "__proto__: {}\n" }, /^UNKNOWN_FIELD$/],
  [
    "a list in place of the kustomization",
    { "kustomization.yaml": "- a\n" },
    /^(WRONG_TYPE|YAML_|INVALID_)/,
  ],
  ["a number in place of a path", { "kustomization.yaml": "resources: [1]\n" }, /^WRONG_TYPE$/],
  [
    "an item far behind the end",
    {
      "kustomization.yaml": `${ONE}patches:\n- target: {kind: ConfigMap}\n  patch: '[{"op":"add","path":"/l/999999999","value":1}]'\n`,
      "r.yaml": `${MAP}l: []\n`,
    },
    /^INVALID_PATCH$/,
  ],
  [
    "a function that runs a container",
    {
      "kustomization.yaml": "transformers:\n- t.yaml\n",
      "t.yaml":
        "apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: x}\n",
    },
    /_REFUSED$/,
  ],
  [
    "a remote resource",
    { "kustomization.yaml": "resources:\n- https://127.0.0.1:1/x.yaml\n" },
    /^REMOTE_DISABLED$/,
  ],
  [
    "a remote base",
    { "kustomization.yaml": "resources:\n- github.com/a/b?ref=main\n" },
    /^REMOTE_DISABLED$/,
  ],
  ["a chart", { "kustomization.yaml": "helmCharts:\n- name: x\n" }, /^HELM_DISABLED$/],
  ["no kustomization", { "r.yaml": MAP }, /^NO_KUSTOMIZATION$/],
  [
    "two kustomizations",
    { "kustomization.yaml": ONE, Kustomization: ONE, "r.yaml": MAP },
    /^MANY_KUSTOMIZATIONS$/,
  ],
];

describe("a hostile input is refused, in time and memory:", () => {
  test.each(REFUSED)(
    "%s",
    (_, files, code) => {
      const folder = write(files);
      const result = run("k/kustomization.yaml" in files ? join(folder, "k") : folder);
      expect(result.code).toMatch(code);
      expect(result.stdout).toBe("");
    },
    TIME_LIMIT_MS + 10_000,
  );

  test("a file that is there but may not be read", () => {
    const files = createMemoryFileSystem(
      new Map([
        ["kustomization.yaml", ONE],
        ["r.yaml", MAP],
      ]),
    );
    const fs: FileSystem = {
      ...files,
      readFile: (path) => (path === "/r.yaml" ? undefined : files.readFile(path)),
    };
    expect(() => build("/", { fs })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^FILE_/) }),
    );
  });

  test(
    "a device without end, with the root left open",
    () => {
      const folder = write({ "kustomization.yaml": ONE, "r.yaml": { link: "/dev/zero" } });
      expect(run(folder, "--load-restrictor", "none").code).toMatch(/^FILE_/);
    },
    TIME_LIMIT_MS + 10_000,
  );
});

const RENDERED: readonly (readonly [string, Files, string])[] = [
  [
    "names of every object",
    {
      "kustomization.yaml": `${ONE}commonAnnotations:\n  __proto__: p\n  constructor: c\n`,
      "r.yaml": `${MAP}data:\n  __proto__: a\n  constructor: b\n  toString: c\n`,
    },
    "apiVersion: v1\ndata:\n  __proto__: a\n  constructor: b\n  toString: c\nkind: ConfigMap\nmetadata:\n  annotations:\n    __proto__: p\n    constructor: c\n  name: m\n",
  ],
  [
    "a pattern that backtracks",
    {
      "kustomization.yaml": `${ONE}patches:\n- target: {name: "(a+)+b"}\n  patch: '[{"op":"add","path":"/x","value":1}]'\n`,
      "r.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${"a".repeat(60)}\n`,
    },
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${"a".repeat(60)}\n`,
  ],
  [
    "an alias used a thousand times",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}x: &x [1]\ny: [${"*x, ".repeat(999)}*x]\n` },
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\nx:\n- 1\n"y":\n${"- - 1\n".repeat(1000)}`,
  ],
];

describe("an odd input is rendered all the same, in time and memory:", () => {
  test.each(RENDERED)(
    "%s",
    (_, files, expected) => {
      const child = Bun.spawnSync([process.execPath, CLI, "build", write(files)], {
        timeout: TIME_LIMIT_MS,
      });
      expect(child.stderr.toString()).toBe("");
      expect(child.stdout.toString()).toBe(expected);
    },
    TIME_LIMIT_MS + 10_000,
  );
});

test("a build that fails leaves nothing behind for the next", () => {
  const patched = (operations: string) => {
    const patch = `patches:\n- target: {kind: ConfigMap}\n  patch: '${operations}'\n`;
    const files = { "kustomization.yaml": ONE + patch, "r.yaml": MAP };
    return build("/", { fs: createMemoryFileSystem(new Map(Object.entries(files))) }).text;
  };
  expect(() => patched('[{"op":"add","path":"/metadata","value":null}]')).toThrow("metadata");
  const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\nx: 1\n";
  expect(patched('[{"op":"add","path":"/x","value":1}]')).toBe(text);
});
