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
    ["set image", "none given"],
    ["set image nginx", "is not one of"],
    ["set replicas a=x", "NAME=COUNT"],
    ["set namespace a b", "exactly one"],
    ["set label :x", "has no key"],
    ["set annotation a_:x", "not a valid annotation key"],
    ["set buildmetadata nothing", "none of originAnnotations"],
    ["set configmap cm --from-literal=a=1", "does not have it"],
    ["add resource nothing.yaml", 'Cannot add the resource "nothing.yaml": there is no such file'],
    ["add resource z*.yaml", "no file matches the pattern"],
    ["add base nothing", "there is no such folder"],
    ["add patch", "--path or --patch is wanted"],
    ["add patch --path a --patch b", "exclude each other"],
    ["add configmap cm", "is wanted"],
    ["add configmap cm --from-literal=a", "not of the form KEY=VALUE"],
    ["add configmap cm --from-literal=a=1 --from-literal=a=2", "it has it already"],
    ["add configmap cm --from-file=k=?.yaml", "stands for one file, not 3"],
    ["add configmap cm --from-env-file=nothing.env", "there is no such file"],
    ["add label --include-templates a:1", "wants --without-selector"],
    [
      "remove resource a.yaml",
      'Cannot remove the resource "a.yaml": resources has none that matches',
    ],
    ["remove label a", "commonLabels does not have it"],
    ["remove configmap cm", "configMapGenerator does not have it"],
    ["remove patch --path a.yaml", "none that is exactly so"],
    ["add resource [a", "is not closed"],
    ["add label x:2", "--force overwrites it"],
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
    30_000,
  );

  test.each([
    ["an alias", "images: &x []\nresources: *x\n", "add resource a.yaml", "is a YAML alias"],
    [
      "a label in both fields",
      "commonLabels: {a: b}\nlabels: [{pairs: {a: c}}]\n",
      "fix",
      '"a" is in labels as well',
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
      warnings: ['resources already has "a.yaml"'],
    });
  });

  test("wants one kustomization", () => {
    expect(() => runEdit(["fix"], createFolder({}))).toThrow("There is no kustomization.yaml");
    expect(() =>
      runEdit(["fix"], createFolder({ "kustomization.yaml": "", Kustomization: "" })),
    ).toThrow("There are both kustomization.yaml and Kustomization");
  });
});
