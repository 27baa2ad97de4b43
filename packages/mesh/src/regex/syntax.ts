// The parts of a regular expression of RE2 (github.com/google/re2/wiki/Syntax).

/** A set of code points, with the same set as JavaScript writes it under the flag "u". */
export interface CharSet {
  has(codePoint: number): boolean;
  readonly source: string;
}

/** What holds between two characters, whatever they are. */
export type Assertion = "text-start" | "text-end" | "line-start" | "line-end" | "word" | "no-word";

export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "group"; readonly capture: boolean; readonly node: Node }
  | { readonly kind: "all"; readonly nodes: readonly Node[] }
  | { readonly kind: "any"; readonly nodes: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly node: Node;
      readonly min: number;
      /** Infinity without an upper end. */
      readonly max: number;
      readonly greedy: boolean;
    };

const ASSERTION_SOURCES: Readonly<Record<Assertion, string>> = {
  "text-start": "(?<![^])",
  "text-end": "(?![^])",
  "line-start": "(?<![^\\n])",
  "line-end": "(?![^\\n])",
  word: "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))",
  "no-word": "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))",
};

/** The same expression for JavaScript's RegExp with the flag "u"; groups keep their numbers. */
export function toJavaScript(node: Node): string {
  switch (node.kind) {
    case "empty":
      return "(?:)";
    case "set":
      return node.set.source;
    case "assert":
      return ASSERTION_SOURCES[node.assertion];
    case "group":
      return `(${node.capture ? "" : "?:"}${toJavaScript(node.node)})`;
    case "all":
      return node.nodes.map(toJavaScript).join("");
    case "any":
      return `(?:${node.nodes.map(toJavaScript).join("|")})`;
    case "repeat": {
      const max = node.max === Number.POSITIVE_INFINITY ? "" : node.max;
      return `(?:${toJavaScript(node.node)}){${node.min},${max}}${node.greedy ? "" : "?"}`;
    }
  }
}
