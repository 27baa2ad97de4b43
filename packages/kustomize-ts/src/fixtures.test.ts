import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.ts";
import { BuildError, type BuildErrorCode } from "./errors.ts";

const TESTDATA = join(import.meta.dir, "../testdata");
const OTHERS: ReadonlySet<string> = new Set(["archives", "differential", "invalid", "readme"]);

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

// What is expected was printed by `kubectl kustomize` (v5.5.0), and kustomize 5.8.1 agrees.
test.each(folders(TESTDATA).filter((name) => !OTHERS.has(name)))("build() renders %s", (name) => {
  const expected = readFileSync(join(TESTDATA, name, "expected.yaml"), "utf8");
  expect(build(join(TESTDATA, name), { reorder: "unspecified" }).text).toBe(expected);
});

/** What is wrong, by the name of its folder, and the code that it must give. */
const INVALID: Readonly<Record<string, BuildErrorCode>> = {
  "absolute-folder": "OUTSIDE_ROOT",
  "alias-of-itself": "YAML_ALIAS_BOMB",
  "annotations-as-list": "INVALID_RESOURCE",
  "ambiguous-reference": "AMBIGUOUS_REFERENCE",
  "bad-label-selector": "INVALID_SELECTOR",
  "bad-separator": "YAML_SYNTAX",
  "bad-target-expression": "INVALID_SELECTOR",
  "base-without-kustomization": "NO_KUSTOMIZATION",
  "chart-without-helm": "HELM_DISABLED",
  "component-as-resource": "WRONG_KIND",
  "cycle-of-bases": "CYCLE",
  "duplicate-key": "YAML_DUPLICATE_KEY",
  "duplicate-resource": "DUPLICATE_RESOURCE",
  "empty-kustomization": "EMPTY_KUSTOMIZATION",
  "file-outside-root": "OUTSIDE_ROOT",
  function: "FUNCTION_REFUSED",
  "generator-merges-nothing": "INVALID_GENERATOR",
  "json-patch-of-nothing": "INVALID_PATCH",
  "json-patch-without-target": "INVALID_PATCH",
  "key-that-is-no-string": "INVALID_VALUE",
  "literal-without-value": "INVALID_GENERATOR",
  "missing-file": "FILE_NOT_FOUND",
  "missing-patch-file": "FILE_NOT_FOUND",
  "namespace-conflict": "DUPLICATE_RESOURCE",
  "no-kind": "INVALID_RESOURCE",
  "no-name": "INVALID_RESOURCE",
  "not-utf8": "NOT_UTF8",
  "notes-of-a-build-that-do-not-fit": "INVALID_RESOURCE",
  "null-as-subject": "INVALID_RESOURCE",
  "patch-without-target": "NO_PATCH_TARGET",
  "plugin-of-others": "PLUGIN_REFUSED",
  "remote-base": "REMOTE_DISABLED",
  "remote-resource": "REMOTE_DISABLED",
  "replacement-of-nothing": "INVALID_REPLACEMENT",
  "replicas-of-nothing": "NO_PATCH_TARGET",
  "tab-as-indent": "YAML_SYNTAX",
  "tag-against-value": "INVALID_VALUE",
  "two-kustomizations": "MANY_KUSTOMIZATIONS",
  "unclosed-quote": "YAML_SYNTAX",
  "unknown-anchor": "YAML_SYNTAX",
  "unknown-built-in": "INVALID_CONFIG",
  "unknown-field": "UNKNOWN_FIELD",
  "schema-with-definitions-as-list": "INVALID_OPENAPI",
  "schema-with-number-as-definition": "INVALID_OPENAPI",
  "unknown-openapi-version": "INVALID_OPENAPI",
  "unknown-patch-directive": "INVALID_PATCH",
  "unknown-sort-order": "INVALID_CONFIG",
  "validator-that-changes": "VALIDATION_FAILED",
  "var-twice": "INVALID_VAR",
  "wrong-kind": "WRONG_KIND",
  "wrong-type": "WRONG_TYPE",
};

function fail(name: string): BuildError {
  try {
    build(join(TESTDATA, "invalid", name));
  } catch (error) {
    if (error instanceof BuildError) return error;
    throw error;
  }
  throw new TypeError(`${name} was rendered`);
}

test.each(Object.entries(INVALID))("build() refuses %s with %s", (name, code) => {
  expect(fail(name).code).toBe(code);
});

test("build() refuses every folder of testdata/invalid", () => {
  expect(folders(join(TESTDATA, "invalid"))).toEqual(Object.keys(INVALID).sort());
});

test.each([
  ["unknown-field", { file: "kustomization.yaml", field: "nameprefixes", line: 2, column: 1 }],
  ["wrong-type", { file: "kustomization.yaml", field: "images.newTag", line: 4, column: 11 }],
  ["tab-as-indent", { file: "a.yaml", field: undefined, line: 4, column: 1 }],
  ["unknown-anchor", { file: "a.yaml", field: undefined, line: 5, column: 7 }],
  ["missing-file", { file: "kustomization.yaml", field: undefined, line: 1, column: 13 }],
  ["missing-patch-file", { file: "kustomization.yaml", field: undefined, line: 3, column: 9 }],
  ["cycle-of-bases", { file: "kustomization.yaml", field: undefined, line: 1, column: 13 }],
  ["remote-base", { file: "kustomization.yaml", field: undefined, line: 1, column: 13 }],
  ["duplicate-key", { file: "a.yaml", field: undefined, line: 7, column: 3 }],
  ["tag-against-value", { file: "a.yaml", field: undefined, line: 11, column: 12 }],
  ["no-name", { file: "a.yaml", field: "metadata.name", line: 1, column: undefined }],
])("build() says where %s is wrong", (name, place) => {
  const { file, field, line, column } = fail(name);
  expect({ file, field, line, column }).toEqual(place);
});
