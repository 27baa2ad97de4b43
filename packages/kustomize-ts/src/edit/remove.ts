import { readNames } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList, readMap } from "./fields.ts";
import { matchesGlob } from "./glob.ts";
import { removeValue } from "./splice.ts";

/** A command that takes items out of a list; patterns stand for the items that match. */
function removeFiles(field: string, what: string): EditCommand {
  return {
    usage: "FILE|PATTERN...",
    about: `removes from ${field}`,
    flags: {},
    run: (edit) => {
      const items = readList(edit.text, field).map(String);
      const patterns = edit.flags.positional;
      if (patterns.length === 0) {
        refuse(edit, `must specify a ${what} file`);
      }
      const missing = patterns.filter((pattern) => !items.some((item) => fits(pattern, item)));
      for (const pattern of missing) {
        edit.warn(`${field} has none that matches "${pattern}"`);
      }
      if (missing.length === patterns.length) return undefined;
      return removeItems(edit.text, field, (item) =>
        patterns.some((pattern) => fits(pattern, String(item))),
      );
    },
  };
}

function fits(pattern: string, item: string): boolean {
  return pattern === item || matchesGlob(pattern, item);
}

/** Takes the items out of a list that `isGone` names, last first. */
export function removeItems(
  text: string,
  field: string,
  isGone: (item: unknown, index: number) => boolean,
): string {
  return readList(text, field).reduceRight<string>(
    (result, item, index) => (isGone(item, index) ? removeValue(result, [field, index]) : result),
    text,
  );
}

export const removeResource = removeFiles("resources", "resource");
export const removeComponent = removeFiles("components", "component");
export const removeGenerator = removeFiles("generators", "generator");
export const removeTransformer = removeFiles("transformers", "transformer");

/** A command that takes keys out of a map of the kustomization. */
function removeKeys(field: string, what: string): EditCommand {
  return {
    usage: "KEY,KEY",
    about: `removes from ${field}`,
    flags: {
      "ignore-non-existence": {
        kind: "boolean",
        short: "i",
        about: `go on when there is no such ${what}`,
      },
    },
    run: (edit) =>
      readKeys(edit).reduce(
        (text, key) => removeKey({ ...edit, text }, { field, what, key }),
        edit.text,
      ),
  };
}

/** The real one says "label" of annotations too. */
function readKeys(edit: Edit): readonly string[] {
  const many = "labels must be comma-separated, with no spaces";
  const keys = readNames(edit, "must specify label", many);
  return keys.includes("") ? refuse(edit, "invalid label: '' (name is empty)") : keys;
}

function removeKey(
  edit: Edit,
  { field, what, key }: Record<"field" | "key" | "what", string>,
): string {
  const map = readMap(edit.text, [field]);
  if (Object.hasOwn(map ?? {}, key)) return removeValue(edit.text, [field, key]);
  if (edit.flags.isOn("ignore-non-existence")) return edit.text;
  return refuse(
    edit,
    `${map === undefined ? field : `${what} ${key}`} is not defined in kustomization file`,
  );
}

export const removeLabel = removeKeys("commonLabels", "label");
export const removeAnnotation = removeKeys("commonAnnotations", "annotation");
