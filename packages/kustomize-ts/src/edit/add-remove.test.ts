import { describe, expect, test } from "bun:test";
import { edit, HEAD } from "./memory-folder.ts";

// The content of each outcome is what `kustomize edit` 5.8.1 makes of it; comments and order are ours.
const CASES: readonly (readonly [string, string, string, string])[] = [
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
    "a resource of a list on one line",
    "remove resource a.yaml",
    `${HEAD}resources: [a.yaml, b.yaml] # all\n`,
    `${HEAD}resources: [b.yaml] # all\n`,
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
];

describe("runEdit()", () => {
  test.each(CASES)("writes %s: %s", (_, words, before, after) => {
    expect(edit(before, words.split(" "))).toBe(after);
  });
});
