import { expect, test } from "bun:test";
import { createFolder, edit, HEAD } from "./memory-folder.ts";
import { runEdit } from "./run.ts";

const FIXED: readonly (readonly [string, string, string, string])[] = [
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
  [
    "a text before a comment",
    "fix",
    `${HEAD}patchesStrategicMerge:
- |-
  kind: X
  a: b
# the end
namePrefix: p-
`,
    `${HEAD}patches:
- patch: |-
    kind: X
    a: b
# the end
namePrefix: p-
`,
  ],
  ["labels that are none", "fix", "resources: []\ncommonLabels: {}\n", `resources: []\n${HEAD}`],
  [
    "the charts",
    "fix",
    `helmChartInflationGenerator:
- chartName: wiki # ours
  chartVersion: 1.2.3
  chartRepoUrl: https://example.com/charts
  chartHome: charts
  values: wiki.yaml
  releaseNamespace: lost
- chartName: chat
  helmHome: home
  chartHome: more
`,
    `helmCharts:
- name: wiki
  repo: https://example.com/charts
  valuesFile: wiki.yaml
  version: 1.2.3
- name: chat
helmGlobals:
  chartHome: more
  configHome: home
${HEAD}`,
  ],
];

test.each(FIXED)(
  "runEdit() moves %s: %s, and nothing the second time",
  (_, words, before, after) => {
    expect(edit(before, words.split(" "))).toBe(after);
    expect(edit(after, words.split(" "))).toBe(after);
  },
);

const ONE_VAR = `# house rules
resources:
- lamp.yaml
vars:
- name: OIL
  objref: {apiVersion: v1, kind: Service, name: jar}
  fieldref: {fieldPath: spec.clusterIP}
namePrefix: p-
`;

/** What `kustomize edit fix --vars` 5.8.1 makes of a resource: its targets and its text. */
const VARS: readonly (readonly [string, string, string, string])[] = [
  [
    "texts that hold more than the var",
    `kind: Lamp
metadata: {name: l, namespace: hall}
spec:
  "a": $(OIL)
  b.c: http://$(OIL)/x
  d: [$(OIL):80, pre-$(OIL), /$(OIL)/$(OIL)/]
`,
    `  - fieldPaths:
    - spec."a"
    select:
      kind: Lamp
      name: l
      namespace: hall
  - fieldPaths:
    - spec.[b.c]
    options:
      delimiter: /
      index: 2
    select:
      kind: Lamp
      name: l
      namespace: hall
  - fieldPaths:
    - spec.d.0
    options:
      delimiter: ':'
    select:
      kind: Lamp
      name: l
      namespace: hall
  - fieldPaths:
    - spec.d.1
    options:
      delimiter: '-'
      index: 1
    select:
      kind: Lamp
      name: l
      namespace: hall
  - fieldPaths:
    - spec.d.2
    options:
      delimiter: /
      index: 1
    select:
      kind: Lamp
      name: l
      namespace: hall
`,
    `kind: Lamp
metadata: {name: l, namespace: hall}
spec:
  "a": OIL_PLACEHOLDER
  b.c: http://OIL_PLACEHOLDER/x
  d: [OIL_PLACEHOLDER:80, pre-OIL_PLACEHOLDER, /OIL_PLACEHOLDER/OIL_PLACEHOLDER/]
`,
  ],
  [
    "anchors and several documents",
    "apiVersion: apps/v1\nkind: A\nmetadata: {name: a}\nx: &x $(OIL)\ny: *x\n---\nkind: B\nmetadata: {name: b}\nx: $(OIL)\n",
    `  - fieldPaths:
    - x
    select:
      group: apps
      kind: A
      name: a
      version: v1
  - fieldPaths:
    - x
    select:
      kind: B
      name: b
`,
    "apiVersion: apps/v1\nkind: A\nmetadata: {name: a}\nx: &x OIL_PLACEHOLDER\ny: *x\n---\nkind: B\nmetadata: {name: b}\nx: OIL_PLACEHOLDER\n",
  ],
];

test.each(VARS)("runEdit() makes replacements of %s", (_, before, targets, after) => {
  const folder = createFolder({ "kustomization.yaml": ONE_VAR, "lamp.yaml": before });
  runEdit(["fix", "--vars"], folder);
  expect(folder.read()).toBe(`# house rules
resources:
- lamp.yaml
namePrefix: p-
${HEAD}replacements:
- source:
    fieldPath: spec.clusterIP
    kind: Service
    name: jar
    version: v1
  targets:
${targets}`);
  expect(folder.read("lamp.yaml")).toBe(after);
});

test("runEdit() makes replacements of vars in patches, and of bases", () => {
  const folder = createFolder({
    "kustomization.yaml": `resources: [base]
patches:
- path: patch.yaml
  target: {kind: Lamp, labelSelector: a=b}
  options: {allowNameChange: true}
vars:
- name: OIL
  objref: {apiVersion: v1, kind: Service, name: jar}
`,
    "base/kustomization.yaml": "resources: [lamp.yaml]\n",
    "base/lamp.yaml": "kind: Lamp\nmetadata: {name: l}\nx: $(OIL)\n",
    "patch.yaml": "kind: Lamp\nmetadata: {name: new, namespace: hall}\ny: $(OIL)\n",
  });
  runEdit(["fix", "--vars"], folder);
  expect(folder.read()).toContain(`  targets:
  - fieldPaths:
    - x
    select:
      kind: Lamp
      name: l
  - fieldPaths:
    - "y"
    select:
      kind: Lamp
      labelSelector: a=b
      name: new
      namespace: hall
`);
  expect(folder.read("base/lamp.yaml")).toContain("x: OIL_PLACEHOLDER");
});

test("runEdit() refuses a var between two different characters, and writes nothing", () => {
  const lamp = "kind: Lamp\nmetadata: {name: l}\nx: a-$(OIL)/b\n";
  const folder = createFolder({ "kustomization.yaml": ONE_VAR, "lamp.yaml": lamp });
  expect(() => runEdit(["fix", "--vars"], folder)).toThrow(
    "error with lamp.yaml: cannot convert all vars to replacements; $(OIL) is not delimited",
  );
  expect(folder.read()).toBe(ONE_VAR);
  expect(folder.read("lamp.yaml")).toBe(lamp);
});
