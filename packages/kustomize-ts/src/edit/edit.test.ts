import { describe, expect, test } from "bun:test";
import { BuildError } from "../errors.ts";
import type { EditFolder } from "./edit.ts";
import { matchesGlob } from "./glob.ts";
import { runEdit } from "./run.ts";

const HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/** A folder in memory; what is written replaces what was there. */
function createFolder(files: Readonly<Record<string, string>>): EditFolder & {
  readonly read: () => string;
} {
  const texts = new Map(Object.entries(files));
  const folders = [...texts.keys()].map((path) => path.split("/").slice(0, -1).join("/"));
  const names = [...texts.keys(), ...folders.filter((path) => path !== "")];
  return {
    exists: (path) => names.includes(path),
    glob: (pattern) => names.filter((name) => matchesGlob(pattern, name)).sort(),
    readFile: (path) => texts.get(path),
    writeFile: (path, text) => void texts.set(path, text),
    read: () => texts.get("kustomization.yaml") ?? "",
  };
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

function edit(text: string, words: readonly string[]): string {
  const folder = createFolder({
    "kustomization.yaml": text,
    "a.yaml": "",
    "b.yaml": "",
    "c.yaml": "",
    "app.env": "",
    "base/kustomization.yaml": "",
  });
  runEdit(words, folder);
  return folder.read();
}

// The content of each outcome is what `kustomize edit` 5.8.1 makes of it; comments and order are ours.
const CASES: readonly (readonly [string, string, string, string])[] = [
  [
    "a new tag in place",
    "set image nginx:1.27",
    `${HEAD}# pinned by hand
images:
  # the web server
  - name: nginx # upstream
    newTag: "1.25" # see the changelog
  - name: redis
`,
    `${HEAD}# pinned by hand
images:
  # the web server
  - name: nginx # upstream
    newTag: "1.27" # see the changelog
  - name: redis
`,
  ],
  [
    "what the word does not say falls away",
    "set image nginx@sha256:aa",
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v1
# end
`,
    `${HEAD}images:
- digest: sha256:aa
  name: nginx
# end
`,
  ],
  [
    "* keeps the name",
    "set image nginx=*:v2",
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v1
`,
    `${HEAD}images:
- name: nginx
  newName: mirror/nginx # ours
  newTag: v2
`,
  ],
  [
    "* keeps the tag as it is written",
    "set image nginx=other:*",
    `${HEAD}images:
- name: nginx
  newTag: '1.10' # not 1.1
`,
    `${HEAD}images:
- name: nginx
  newName: other
  newTag: '1.10' # not 1.1
`,
  ],
  [
    "a new image in the order of names",
    "set image mysql=host:5000/maria:v1@sha256:aa",
    `${HEAD}images:
- name: app
# on top
- name: nginx
`,
    `${HEAD}images:
- name: app
- digest: sha256:aa
  name: mysql
  newName: host:5000/maria
  newTag: v1
# on top
- name: nginx
`,
  ],
  [
    "a new image last when the file has an order of its own",
    "set image mysql:v1",
    `${HEAD}images:
- name: nginx
- name: app
`,
    `${HEAD}images:
- name: nginx
- name: app
- name: mysql
  newTag: v1
`,
  ],
  [
    "a count in place and a new one",
    "set replicas web=3 api=2",
    `${HEAD}replicas:
- name: web # the front
  count: 1 # small
`,
    `${HEAD}replicas:
- count: 2
  name: api
- name: web # the front
  count: 3 # small
`,
  ],
  [
    "a namespace",
    "set namespace prod",
    `# where\nnamespace: test # for now\nresources:\n- a.yaml\n`,
    `# where\nnamespace: prod # for now\nresources:\n- a.yaml\n${HEAD}`,
  ],
  [
    "a namespace that is a word of YAML",
    "set namespace yes",
    `${HEAD}# end\n`,
    `${HEAD}namespace: "yes"\n# end\n`,
  ],
  ["a prefix", "set nameprefix dev-", HEAD, `${HEAD}namePrefix: dev-\n`],
  ["a suffix", "set namesuffix -- -v2", HEAD, `${HEAD}nameSuffix: -v2\n`],
  [
    "labels",
    "set label a:1 team:web",
    `${HEAD}commonLabels:\n  app: x # name\n`,
    `${HEAD}commonLabels:\n  a: "1"\n  app: x # name\n  team: web\n`,
  ],
  [
    "an annotation with a colon in its value",
    "set annotation note:a:b",
    HEAD,
    `${HEAD}commonAnnotations:\n  note: a:b\n`,
  ],
  [
    "a literal of a config map",
    "set configmap cm --from-literal=b=3",
    `${HEAD}configMapGenerator:
- name: cm
  literals:
  # one
  - a=1 # first
  - b=2 # second
`,
    `${HEAD}configMapGenerator:
- name: cm
  literals:
  # one
  - a=1 # first
  - b=3 # second
`,
  ],
  [
    "the namespace of a secret",
    "set secret s --namespace one --new-namespace two",
    `${HEAD}secretGenerator:\n- name: s\n- name: s\n  namespace: one # here\n`,
    `${HEAD}secretGenerator:\n- name: s\n- name: s\n  namespace: two # here\n`,
  ],
  [
    "a resource behind the last, before what follows",
    "add resource c.yaml",
    `${HEAD}resources: # all of it
  # the base
  - a.yaml # first
  - b.yaml

  # nothing below
# images
images: []
`,
    `${HEAD}resources: # all of it
  # the base
  - a.yaml # first
  - b.yaml
  - c.yaml

  # nothing below
# images
images: []
`,
  ],
  [
    "the files that match, each once",
    "add resource ?.yaml",
    `${HEAD}resources: [a.yaml] # one\n`,
    `${HEAD}resources: [a.yaml, b.yaml, c.yaml] # one\n`,
  ],
  [
    "a resource to an empty list",
    "add resource a.yaml",
    `${HEAD}resources: [] # none yet\n# end\n`,
    `${HEAD}resources: # none yet\n- a.yaml\n# end\n`,
  ],
  [
    "a resource to a field without a value",
    "add resource a.yaml",
    `${HEAD}resources: # none yet\n# end\nnamespace: x\n`,
    `${HEAD}resources: # none yet\n- a.yaml\n# end\nnamespace: x\n`,
  ],
  [
    "a resource without a last newline",
    "add resource b.yaml",
    `${HEAD}resources:\n- a.yaml`,
    `${HEAD}resources:\n- a.yaml\n- b.yaml\n`,
  ],
  ["a base", "add base base", HEAD, `${HEAD}resources:\n- base\n`],
  ["a component", "add component base", HEAD, `${HEAD}components:\n- base\n`],
  ["a generator", "add generator a.yaml", HEAD, `${HEAD}generators:\n- a.yaml\n`],
  ["a transformer", "add transformer a.yaml", HEAD, `${HEAD}transformers:\n- a.yaml\n`],
  [
    "a patch with its target",
    "add patch --path a.yaml --kind Deployment --label-selector app=x",
    `${HEAD}patches:\n# first\n- path: b.yaml\n`,
    `${HEAD}patches:\n# first\n- path: b.yaml\n- path: a.yaml\n  target:\n    kind: Deployment\n    labelSelector: app=x\n`,
  ],
  [
    "a config map with the options of the whole file",
    "add configmap cm --from-literal=a=1 --from-file=k=*.env --behavior=merge",
    `${HEAD}generatorOptions:\n  labels:\n    x: z\n`,
    `${HEAD}generatorOptions:
  labels:
    x: z
configMapGenerator:
- behavior: merge
  files:
  - k=app.env
  literals:
  - a=1
  name: cm
  options:
    labels:
      x: z
`,
  ],
  [
    "a secret",
    "add secret s --from-env-file=app.env --disableNameSuffixHash",
    HEAD,
    `${HEAD}secretGenerator:
- envs:
  - app.env
  name: s
  options:
    disableNameSuffixHash: true
  type: Opaque
`,
  ],
  [
    "labels that selectors do not take part in",
    "add label --without-selector a:1",
    `${HEAD}labels:\n- pairs:\n    b: c # here\n- includeSelectors: true\n  pairs:\n    d: e\n`,
    `${HEAD}labels:\n- pairs:\n    a: "1"\n    b: c # here\n- includeSelectors: true\n  pairs:\n    d: e\n`,
  ],
  [
    "a label over another",
    "add label -f app:web",
    `${HEAD}commonLabels:\n  app: x # name\n`,
    `${HEAD}commonLabels:\n  app: web # name\n`,
  ],
  [
    "build metadata",
    "add buildmetadata originAnnotations,managedByLabel",
    HEAD,
    `${HEAD}buildMetadata:\n- originAnnotations\n- managedByLabel\n`,
  ],
  [
    "a resource with the comment above it",
    "remove resource b.yaml",
    `${HEAD}resources:
# all
- a.yaml
# only for tests
- b.yaml # slow
- c.yaml
`,
    `${HEAD}resources:
# all
- a.yaml
- c.yaml
`,
  ],
  [
    "the first resource but not the heading",
    "remove resource a.yaml",
    `${HEAD}resources:\n# all\n- a.yaml # first\n- b.yaml\n`,
    `${HEAD}resources:\n# all\n- b.yaml\n`,
  ],
  [
    "the field with its last item",
    "remove resource *.yaml",
    `# why\n${HEAD}resources:\n- a.yaml\n- b.yaml\n# end\n`,
    `# why\n${HEAD}# end\n`,
  ],
  [
    "keys of a flow map",
    "remove label b",
    `${HEAD}commonLabels: {a: b, b: c}\n`,
    `${HEAD}commonLabels: {a: b}\n`,
  ],
  [
    "a config map by name and namespace",
    "remove configmap cm --namespace=two",
    `${HEAD}configMapGenerator:\n- name: cm # stays\n- name: cm\n  namespace: two\n`,
    `${HEAD}configMapGenerator:\n- name: cm # stays\n`,
  ],
  [
    "a patch that is exactly so",
    "remove patch --path a.yaml --kind X",
    `${HEAD}patches:\n- path: a.yaml\n- path: a.yaml\n  target: {kind: X}\n`,
    `${HEAD}patches:\n- path: a.yaml\n`,
  ],
  [
    "the deprecated fields",
    "fix",
    `bases:
# below
- base # shared
imageTags:
- name: i
commonLabels:
  # who
  app: x # name
patchesJson6902:
- path: p.json # what
  target: {kind: X, name: web}
patchesStrategicMerge:
# others
- a.yaml # merged
- |-
  kind: X
  a: b
`,
    `resources:
# below
- base # shared
images:
- name: i
patches:
- path: p.json # what
  target: {kind: X, name: web}
# others
- path: a.yaml # merged
- patch: |-
    kind: X
    a: b
${HEAD}labels:
- includeSelectors: true
  pairs:
    # who
    app: x # name
`,
  ],
];

describe("runEdit()", () => {
  test.each(CASES)("writes %s: %s", (_, words, before, after) => {
    const once = edit(before, words.split(" "));
    expect(once).toBe(after);
  });

  test.each(
    CASES.filter(([, words]) => /^(set|fix)/.test(words) && !words.includes("--new-namespace")),
  )("changes nothing the second time: %s", (_, words, __, after) => {
    expect(edit(after, words.split(" "))).toBe(after);
  });

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
  ])("refuses %s", (_, text, code) => {
    const error = caught(() => edit(text, ["add", "resource", "a.yaml"]));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ code: expect.stringMatching(code) });
  });

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

test.each([
  ["*.yaml", "a.yaml", true],
  ["*.yaml", "b/a.yaml", false],
  ["b/*", "b/a.yaml", true],
  ["?.yaml", "ab.yaml", false],
  ["[a-c].yaml", "b.yaml", true],
  ["[^a-c].yaml", "b.yaml", false],
  ["[^a]", "/", false],
  ["a\\*", "a*", true],
  ["a+(b)", "a+(b)", true],
  ["a.yaml", "aXyaml", false],
])("matchesGlob(%j, %j) is %p", (pattern, name, matches) => {
  expect(matchesGlob(pattern, name)).toBe(matches);
});
