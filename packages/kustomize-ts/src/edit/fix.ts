import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList, readMap } from "./fields.ts";
import { convertVars } from "./fix-vars.ts";
import { moveCommonLabels, moveItems } from "./move.ts";
import { removeValue, setValue } from "./splice.ts";

/** `edit fix`: deprecated fields become the ones that took their place; the build stays the same. */
export const fix: EditCommand = {
  usage: "",
  about: "moves deprecated fields to the ones that took their place",
  flags: {
    vars: { kind: "boolean", about: "vars become replacements; resources and patches are written" },
  },
  run: (edit) => {
    const merged = moveItems(edit.text, "patchesJson6902", "patches");
    const patched = moveItems(namePatches({ ...edit, text: merged }), STRATEGIC, "patches");
    const text = fixCommonLabels({ ...edit, text: patched });
    return edit.flags.isOn("vars") ? convertVars({ ...edit, text }) : text;
  },
};

const STRATEGIC = "patchesStrategicMerge";

/** Each text of patchesStrategicMerge becomes the map that `patches` wants: a path where a file has the name. */
function namePatches(edit: Edit): string {
  return readList(edit.text, STRATEGIC).reduce<string>((text, item, index) => {
    if (typeof item !== "string") {
      return text;
    }
    const key = edit.folder.readFile(item) === undefined ? "patch" : "path";
    return setValue(text, [STRATEGIC, index], { [key]: item });
  }, edit.text);
}

function fixCommonLabels(edit: Edit): string {
  const common = readMap(edit.text, ["commonLabels"]);
  if (common === undefined) {
    return edit.text;
  }
  const doubles = readList(edit.text, "labels").flatMap((_, index) =>
    Object.keys(readMap(edit.text, ["labels", index, "pairs"]) ?? {}).filter((key) =>
      Object.hasOwn(common, key),
    ),
  );
  if (doubles.length > 0) {
    refuse(edit, `label name '${doubles[0]}' exists in both commonLabels and labels`);
  }
  return Object.keys(common).length === 0
    ? removeValue(edit.text, ["commonLabels"])
    : moveCommonLabels(edit.text);
}
