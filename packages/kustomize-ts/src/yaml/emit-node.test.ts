import { expect, test } from "bun:test";
import { emitNode } from "./emit-node.ts";
import { parseDocument } from "./parser.ts";

// What is already in kyaml's form comes out as it went in.
test.each([
  ["styles", "a: 'x'\nb: \"y\"\nc: {d: 1, e: [f, g]}\n"],
  ["order and nulls", "z: 1\na: ~\nm:\n"],
  ["lists", "a:\n- b\n- - c\n  - d\n- e: f\n  g: h\n"],
  ["block scalars", "a: |\n  x\n  y\nb: >-\n  z\n"],
  ["comments", "# head\na: 1 # line\n# above\nb:\n  # inner\n  c: 2\n"],
  ["a comment above an item", "a:\n# x\n- b: 1\n"],
  ["a comment at the end", "a: 1\n\n# x\n"],
  ["tags and anchors", 'a: !!str "1"\nb: &x y\nc: *x\n'],
])("emitNode() keeps %s", (_, text) => {
  const root = parseDocument(text, { file: "", comments: [] })?.root;
  expect(root === undefined ? "" : emitNode(root)).toBe(text);
});

test("emitNode() takes the indent of lists under a key away", () => {
  const root = parseDocument("a:\n    - b\n    - c\n", { file: "" })?.root;
  expect(root === undefined ? "" : emitNode(root)).toBe("a:\n- b\n- c\n");
});
