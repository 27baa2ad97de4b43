import { describe, expect, test } from "bun:test";
import { BuildError } from "../errors.ts";
import { createFolder, edit, HEAD } from "./memory-folder.ts";
import { runEdit } from "./run.ts";

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("runEdit()", () => {
  test.each([
    ["set image", "no image specified"],
    ["set image nginx", "invalid format of image, use one of the following options:\n- <image>="],
    ["set replicas a=9999999999999999999", "invalid format of replica"],
    ["set replicas a=x", "invalid format of replica, use the following format: <name>=<count>"],
    ["set namespace a b", "must specify exactly one namespace value"],
    ["set label :x", "invalid label: ':x' (need k:v pair where v may be quoted)"],
    [
      "set annotation a_:x",
      "invalid annotation key: see the syntax and character set rules at http",
    ],
    ["set buildmetadata nothing", "invalid buildMetadata option: nothing"],
    [
      "set buildmetadata a b",
      "too many arguments: [a b]; to provide multiple buildMetadata options",
    ],
    [
      "set configmap cm --from-literal=a=1",
      'could not set new ConfigMap value: unable to find ConfigMap with name "cm"',
    ],
    ["add resource nothing.yaml", "nothing.yaml has no match"],
    ["add resource z*.yaml", "z*.yaml has no match"],
    ["add base nothing", "nothing does not exist"],
    ["remove resource", "must specify a resource file"],
    ["add base base comp", "must specify a base directory"],
    ["add label --include-templates", "must specify label"],
    ["remove annotation a b", "labels must be comma-separated, with no spaces"],
    ["remove label a,,b", "invalid label: '' (name is empty)"],
    [
      "add configmap cm --from-file=k=nothing",
      "failed to expand file source: 'pattern 'k=nothing' catches files [], should catch only one",
    ],
    ["add configmap cm --from-file=k=", "'pattern 'k=' catches files [], should catch only one"],
    ["add configmap --from-file=k=nothing", "failed to expand file source: 'pattern 'k=nothing'"],
    [
      "add configmap cm --from-env-file= --from-literal=a",
      "literal sources [a]: invalid literal source a",
    ],
    ["add patch", "must provide either patch or path"],
    ["add patch --path a --patch b", "patch and path can't be set at the same time"],
    [
      "add configmap cm",
      "failed to validate flags: at least from-env-file, or from-file or from-literal",
    ],
    [
      "add configmap cm --from-literal=a",
      "literal sources [a]: invalid literal source a, expected key=value",
    ],
    [
      "add configmap cm --from-literal=a=1 --from-literal=a=2",
      "configmap cm illegally repeats the key `a`",
    ],
    [
      "add configmap cm --from-file=k=?.yaml",
      "catches files [a.yaml b.yaml c.yaml], should catch only one",
    ],
    [
      "add configmap cm --from-env-file=nothing.env",
      "env source files: [nothing.env]: there is no such",
    ],
    [
      "add label --include-templates a:1",
      "--without-selector flag must be specified for --include",
    ],
    ["remove label a", "commonLabels is not defined in kustomization file"],
    ["remove configmap cm", "no specified configmap(s) were found in the kustomization.yaml file"],
    ["add resource [a", "error checking the filesystem: syntax error in pattern"],
    ["add label x:2", "label x already in kustomization file. Use --force to override."],
  ])("refuses %s", (words, message) => {
    const before = words.startsWith("add label") ? `${HEAD}commonLabels: {x: z}\n` : HEAD;
    expect(() => edit(before, words.split(" "))).toThrow(BuildError);
    expect(() => edit(before, words.split(" "))).toThrow(message);
  });

  test.each([
    ["a list", "- a\n", "YAML_SYNTAX"],
    ["what is not YAML", "a: [\n", "YAML_SYNTAX"],
    ["a list that stands elsewhere", "images: &x []\nresources: *x\n", "EDIT"],
    ["a map for a list", "resources: {a: b}\n", "WRONG_TYPE"],
    ["an unknown field", "resource: []\n", "UNKNOWN_FIELD"],
    ["a field twice", "namespace: a\nnamespace: b\n", "YAML_SYNTAX"],
    [
      "aliases that double",
      `resources: [a]\nx: &x0 [a]\n${Array.from({ length: 30 }, (_, at) => `x${at}: &x${at + 1} [*x${at}, *x${at}]\n`).join("")}`,
      /^(YAML_ALIAS_BOMB|UNKNOWN_FIELD)$/,
    ],
    [
      "lists ten thousand deep",
      `resources: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`,
      /^YAML_/,
    ],
  ])(
    "refuses %s",
    (_, text, code) => {
      const error = caught(() => edit(text, ["add", "resource", "a.yaml"]));
      expect(error).toBeInstanceOf(BuildError);
      expect(error).toMatchObject({ code: expect.stringMatching(code) });
    },
    120_000,
  );

  test.each([
    ["an alias", "images: &x []\nresources: *x\n", "add resource a.yaml", "is a YAML alias"],
    [
      "a label in both fields",
      "commonLabels: {a: b}\nlabels: [{pairs: {a: c}}]\n",
      "fix",
      "label name 'a' exists in both commonLabels and labels",
    ],
  ])("says why it refuses %s", (_, text, words, message) => {
    expect(() => edit(text, words.split(" "))).toThrow(message);
  });

  test("says what it did not do", () => {
    const folder = createFolder({
      "kustomization.yaml": `${HEAD}resources: [a.yaml]\n`,
      "a.yaml": "",
    });
    expect(runEdit(["add", "resource", "a.yaml"], folder)).toEqual({
      file: "kustomization.yaml",
      text: `${HEAD}resources: [a.yaml]\n`,
      changed: false,
      warnings: ["resource a.yaml already in kustomization file"],
    });
  });

  test("wants one kustomization", () => {
    expect(() => runEdit(["fix"], createFolder({}))).toThrow(
      "There is no kustomization.yaml or kustomization.yml or Kustomization here",
    );
    expect(() =>
      runEdit(["fix"], createFolder({ "kustomization.yaml": "", Kustomization: "" })),
    ).toThrow("There are both kustomization.yaml and Kustomization");
  });
});

test.each([
  ["remove resource z.yaml"],
  ["remove transformer z.yaml"],
  ["remove patch --path z.yaml"],
  ["add patch --path a.yaml"],
  ["add generator z.yaml"],
])("runEdit() leaves a file alone in which %s has nothing to do", (words) => {
  const text = "bases: [base]\npatches: [{path: a.yaml}]\n";
  expect(edit(text, words.split(" "))).toBe(text);
});

// As the real one: what is not there is not taken away or added, and that is no error.
test.each([
  ["remove resource a.yaml", 'resources has none that matches "a.yaml"'],
  ["remove patch --path a.yaml", "patches has none that is exactly so"],
  ["remove buildmetadata managedByLabel", 'buildMetadata does not have "managedByLabel"'],
  ["add generator z.yaml", "z.yaml has no match"],
])("runEdit() changes nothing with %s, and says so", (words, warning) => {
  const text = `${HEAD}namePrefix: p-\n`;
  const folder = createFolder({ "kustomization.yaml": text });
  expect(runEdit(words.split(" "), folder)).toMatchObject({ text, warnings: [warning] });
});
