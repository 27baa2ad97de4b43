import fc from "fast-check";
import type { Tree } from "./tree.ts";

/** What stands where something else is wanted. */
const WRONG = ["", "~", "[]", "{}", "text", "5", "yes", "<<", "[text]", "{name: web}", '"{}"'];

const bend = fc.record({
  file: fc.nat(),
  line: fc.nat(),
  how: fc.constantFrom("value", "value", "value", "drop", "double", "deeper"),
  value: fc.constantFrom(...WRONG),
});

type Bend = typeof bend extends fc.Arbitrary<infer Model> ? Model : never;

/**
 * Trees that are nearly right: a value of the wrong kind, a line lost or there twice. What is wrong is
 * an error of both, or of none of the two.
 */
export function createBent(trees: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  return fc.tuple(trees, bend).map(([tree, how]) => bendTree(tree, how));
}

function bendTree({ files, ...rest }: Tree, { file, ...how }: Bend): Tree {
  const documents = [...files].filter(([name]) => name.endsWith(".yaml"));
  const [name, text] = documents[file % documents.length] ?? ["other.yaml", ""];
  return { files: new Map([...files, [name, bendText(text, how)]]), ...rest };
}

function bendText(text: string, { line, how, value }: Omit<Bend, "file">): string {
  const lines = text.split("\n");
  const at = line % lines.length;
  const old = lines[at] ?? "";
  return lines.toSpliced(at, 1, ...bendLine(old, how, value)).join("\n");
}

function bendLine(line: string, how: Bend["how"], value: string): readonly string[] {
  switch (how) {
    case "drop":
      return [];
    case "double":
      return [line, line];
    case "deeper":
      return [`  ${line}`];
    default:
      return [line.replace(/(^\s*-|:)( .*|)$/, `$1 ${value}`)];
  }
}
