import fc from "fast-check";
import { awkward, awkwardScalar } from "./awkward.ts";
import type { Tree } from "./tree.ts";
import { Raw, type Value, writeYaml } from "./yaml-text.ts";

/** Texts that a person might write below `spec:`, of what YAML allows and generators never write. */
const SNIPPETS = [
  "  a: >1-\n   \ttab\n",
  "  a: |\n    x\n    \ttab\n",
  "  a: &x\n    b: 1\n    c: [1, 2]\n  d: *x\n",
  "  a: &x {b: 1, c: 2}\n  d:\n    <<: *x\n    c: 3\n",
  "  a: &x\n    b: 1\n  e: &y\n    f: 2\n  d:\n    <<: [*x, *y]\n    g: 3\n",
  "  ? a\n  : b\n  ? c d\n  : - e\n",
  '  "a b": c\n  \'d\': "e"\n  ? f\n',
  "  a: plain text\n    goes on\n\n    here\n",
  '  a: "quoted text\n    goes on \\\n    and on\\tx"\n',
  "  a: 'single\n    goes on'\n",
  "  a: |2\n      two in\n     one in\n",
  "  a: |+\n    kept\n\n\n  b: 1\n",
  "  a: |-\n    cut\n\n\n  b: 1\n",
  "  a: >\n    folded\n    lines\n\n    and\n      more\n     again\n\n  b: 1\n",
  "  a: >-\n    x\n\n\n    y\n  b: >+\n    z\n\n  c: 1\n",
  "  a: # comment\n    # another\n    b: 1 # here\n    # last\n  # after\n  c: 2\n",
  "  a:\n  - # first\n    b: 1\n  -\n    c: 2\n  - - 1\n    - 2\n  -   d: 4\n      e: 5\n",
  "  a: !!str 1\n  b: !!int '2'\n  c: !!float 3\n  d: !!binary aGk=\n  e: !!null ''\n",
  "  a: !custom x\n  b: !custom {c: d}\n",
  "  1: one\n  true: yes\n  1.5: x\n  null: y\n  2001-01-01: z\n",
  "  a: {b: [c, {d: e}], f: 'g', \"h\": i,}\n  j: [\n    k, l,\n    m\n  ]\n",
  "  a: [a b, c: d, 'e', \"f\", ]\n  b: {x, y: , z: ''}\n",
  '  a: "\\x41\\u00e9\\U0001F600\\n\\t\\"\\\\ \\0"\n',
  "  a: ''\n  b:\n  c: ~\n  d: \"\"\n  e: null\n  f: []\n  g: {}\n",
  "  a: 0o14\n  b: 014\n  c: 0b101\n  d: 1_000.5\n  e: 190:20:30\n  f: 0x_0A\n  g: +12\n  h: 08\n  i: -.inf\n  j: .NaN\n",
  "  a: 1e3\n  b: 1E+3\n  c: 1.e+3\n  d: 100000000000000000000\n  e: 1234567.0\n  f: 0.0000001\n  g: 1e21\n  h: 123456789.123456789\n",
  "  a: y\n  b: N\n  c: On\n  d: OFF\n  e: 'y'\n  f: 'off'\n  y: 1\n  off: 2\n",
  '  a: x\u00a0y\n  b: "\u2028"\n  c: é\n  d: "\ufeff"\n  e: 😀\n',
  "  ? \n  : a\n  b: {? : c}\n",
  "  ~: a\n  b: {null: c}\n",
  `  a: >\n    one\n      ${"word ".repeat(30)}end\n    two\n`,
  `  a: ${"word ".repeat(40)}end\n  b: "${"word ".repeat(40)}end"\n  c: ${"x".repeat(200)}\n`,
];

const document = fc
  .record({
    spec: fc.oneof(
      fc.constantFrom(...SNIPPETS),
      fc
        .tuple(
          fc.dictionary(fc.constantFrom("a", "b", "c", "d"), awkward, {
            minKeys: 1,
            noNullPrototype: true,
          }),
          fc.array(fc.nat(1000), { maxLength: 12 }),
        )
        .map(([value, style]) => indent(writeYaml(value, style))),
    ),
    data: fc.array(
      awkwardScalar.filter((value) => typeof value === "string" || value instanceof Raw),
      { maxLength: 3 },
    ),
    style: fc.array(fc.nat(1000), { maxLength: 8 }),
    head: fc.constantFrom("", "---\n", "# top\n", "\n\n", "--- # start\n"),
    foot: fc.constantFrom("", "...\n", "\n# end\n", "---\n"),
  })
  .map(({ spec, data, style, head, foot }) => {
    const values: Value = Object.fromEntries(data.map((value, index) => [`k${index}`, value]));
    const map = {
      apiVersion: "example.com/v1",
      kind: "Foo",
      metadata: { name: "foo" },
      data: values,
    };
    return `${head}${writeYaml(map, style)}spec:\n${spec}${foot}`;
  });

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** One custom resource in awkward YAML; perhaps with a field of the kustomization that writes it anew. */
export const awkwardTree: fc.Arbitrary<Tree> = fc
  .record({
    document,
    change: fc.constantFrom(
      "",
      "namePrefix: p-\n",
      "commonLabels: {a: b}\n",
      'patches:\n- patch: \'[{"op": "add", "path": "/spec/new", "value": "yes"}]\'\n  target: {kind: Foo}\n',
      "patches:\n- patch: |\n    apiVersion: example.com/v1\n    kind: Foo\n    metadata: {name: foo}\n    spec: {b: null, z: {y: 1}}\n",
    ),
  })
  .map(({ document: text, change }) => ({
    root: "base",
    files: new Map([
      ["base/kustomization.yaml", `resources:\n- foo.yaml\n${change}`],
      ["base/foo.yaml", text],
    ]),
  }));
