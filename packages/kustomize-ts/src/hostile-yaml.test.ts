import { describe, expect, test } from "bun:test";
import { build } from "./build.ts";
import { createMemoryFileSystem } from "./file-system.ts";
import {
  CLI,
  type Files,
  MAP,
  ONE,
  runHostile,
  TIME_LIMIT_MS,
  useHostileHome,
} from "./hostile-input.ts";

const write = useHostileHome();

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

const MANY = Array.from({ length: 60_000 }, (_, at) => `  k${at + 100_000}: x\n`).join("");

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
    "a key three thousand times",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n${"  a: x\n".repeat(3000)}` },
    /^YAML_DUPLICATE_KEY$/,
  ],
  [
    "a key twice among many",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n  a: x\n  a: y\n${MANY}` },
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
];

describe("a hostile text is refused, in time and memory:", () => {
  test.each(REFUSED)(
    "%s",
    (_, files, code) => {
      const result = runHostile(write(files));
      expect(result.code).toMatch(code);
      expect(result.stdout).toBe("");
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
    "a long expression",
    {
      "kustomization.yaml": `${ONE}patches:\n- target: {name: '${"()".repeat(25_000)}${"\\.".repeat(25_000)}[${"a".repeat(25_000)}]'}\n  patch: '[{"op":"add","path":"/x","value":1}]'\n`,
      "r.yaml": MAP,
    },
    MAP,
  ],
  [
    "a merge into a large map",
    { "kustomization.yaml": ONE, "r.yaml": `${MAP}data:\n  <<: {a: x, k100000: y}\n${MANY}` },
    `apiVersion: v1\ndata:\n  a: x\n${MANY}kind: ConfigMap\nmetadata:\n  name: m\n`,
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
