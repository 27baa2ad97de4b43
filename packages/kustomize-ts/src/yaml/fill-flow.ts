import { Style, Tag, type YamlNode } from "./node.ts";

/**
 * Makes texts of what does not stay what it is in flow collections, where the real one prints a resource in its own
 * styles and reads it again (kyaml `RNode.MarshalJSON`): a value that is left out, as in `{a, b: }`, is printed as
 * `''`, and a plain time gets quotes, because of its colons.
 */
export function fillFlow(node: YamlNode, inFlow = false): void {
  const inside = inFlow || (node.style & Style.flow) !== 0;
  for (const child of node.content) {
    if (child.kind !== "scalar") fillFlow(child, inside);
    else if (inside && (isLeftOut(child) || isPlainTime(child))) {
      child.tag = Tag.string;
      child.style = Style.singleQuoted;
    }
  }
}

function isLeftOut({ value, tag }: YamlNode): boolean {
  return value === "" && tag === Tag.null;
}

function isPlainTime({ value, tag, style }: YamlNode): boolean {
  return tag === Tag.timestamp && style === Style.plain && value.includes(":");
}
