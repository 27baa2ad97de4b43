import type { FlagSpecs } from "../command-line/flags.ts";
import { isObject } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { removeItems } from "./remove.ts";
import { appendValue } from "./splice.ts";

const FIELD = "patches";

/** Flags of the target, with the field that each stands for. */
const TARGET = [
  ["group", "group"],
  ["version", "version"],
  ["kind", "kind"],
  ["name", "name"],
  ["namespace", "namespace"],
  ["annotation-selector", "annotationSelector"],
  ["label-selector", "labelSelector"],
] as const;

const FLAGS: FlagSpecs = {
  path: { kind: "string", value: "FILE", about: "the file of the patch" },
  patch: { kind: "string", value: "TEXT", about: "the patch itself" },
  ...Object.fromEntries(
    TARGET.map(([flag, field]) => [flag, { kind: "string", about: `${field} of the target` }]),
  ),
};

export const addPatch: EditCommand = {
  usage: "--path FILE | --patch TEXT",
  about: "adds to patches",
  flags: FLAGS,
  run: (edit) => {
    const patch = readPatch(edit);
    if (patch["path"] === undefined && patch["patch"] === undefined) {
      refuse(edit, "must provide either patch or path");
    }
    if (readList(edit.text, FIELD).some((item) => isSamePatch(item, patch))) {
      edit.warn(`${FIELD} already has this patch`);
      return undefined;
    }
    return appendValue(edit.text, [FIELD], patch);
  },
};

export const removePatch: EditCommand = {
  usage: "--path FILE | --patch TEXT",
  about: "removes from patches the one that is exactly so",
  flags: FLAGS,
  run: (edit) => {
    const patch = readPatch(edit);
    const before = readList(edit.text, FIELD);
    if (!before.some((item) => isSamePatch(item, patch))) {
      edit.warn(`${FIELD} has none that is exactly so`);
      return undefined;
    }
    return removeItems(edit.text, FIELD, (item) => isSamePatch(item, patch));
  },
};

function readPatch(edit: Edit): Readonly<Record<string, unknown>> {
  const path = edit.flags.text("path") ?? "";
  const patch = edit.flags.text("patch") ?? "";
  if (path !== "" && patch !== "") {
    refuse(edit, "patch and path can't be set at the same time");
  }
  const target = Object.fromEntries(
    TARGET.map(([flag, field]) => [field, edit.flags.text(flag) ?? ""] as const).filter(
      ([, value]) => value !== "",
    ),
  );
  return {
    ...(path === "" ? {} : { path }),
    ...(patch === "" ? {} : { patch }),
    ...(Object.keys(target).length === 0 ? {} : { target }),
  };
}

/** Equal field by field; an empty target is none. */
function isSamePatch(item: unknown, patch: Readonly<Record<string, unknown>>): boolean {
  return isObject(item) && Bun.deepEquals({ ...item }, { ...patch });
}
