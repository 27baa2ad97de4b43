import { Style, Tag, type YamlNode } from "./node.ts";

/**
 * Makes empty strings of the values that are left out in flow collections, as in `{a, b: }`: the real one prints
 * a resource in its own styles and reads it again (kyaml `RNode.MarshalJSON`), and there prints them as `''`.
 */
export function fillFlow(node: YamlNode, inFlow = false): void {
  const inside = inFlow || (node.style & Style.flow) !== 0;
  for (const child of node.content) {
    if (child.kind !== "scalar") fillFlow(child, inside);
    else if (inside && child.value === "" && child.tag === Tag.null) {
      child.tag = Tag.string;
      child.style = Style.singleQuoted;
    }
  }
}
