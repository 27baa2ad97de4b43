import { readNames } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { removeItems } from "./remove.ts";
import { appendValue, setValue } from "./splice.ts";

const FIELD = "buildMetadata";
const OPTIONS = ["originAnnotations", "transformerAnnotations", "managedByLabel"];
const SHAPE = { usage: "OPTION,OPTION", flags: {} } as const;

export const addBuildMetadata: EditCommand = {
  ...SHAPE,
  about: `adds to ${FIELD}: ${OPTIONS.join(", ")}`,
  run: (edit) =>
    readOptions(edit).reduce((text, option) => {
      if (readList(text, FIELD).includes(option)) {
        refuse(edit, `Cannot add "${option}": ${FIELD} has it already`);
      }
      return appendValue(text, [FIELD], option);
    }, edit.text),
};

export const setBuildMetadata: EditCommand = {
  ...SHAPE,
  about: `sets ${FIELD} to just these options`,
  run: (edit) => setValue(edit.text, [FIELD], readOptions(edit)),
};

export const removeBuildMetadata: EditCommand = {
  ...SHAPE,
  about: `removes from ${FIELD}`,
  run: (edit) => {
    const options = readOptions(edit);
    const missing = options.find((option) => !readList(edit.text, FIELD).includes(option));
    if (missing !== undefined) {
      refuse(edit, `Cannot remove "${missing}": ${FIELD} does not have it`);
    }
    return removeItems(edit.text, FIELD, (item) => options.includes(String(item)));
  },
};

function readOptions(edit: Edit): readonly string[] {
  const options = readNames(edit, "option");
  const unknown = options.find((option) => !OPTIONS.includes(option));
  return unknown === undefined
    ? options
    : refuse(edit, `Cannot read the option "${unknown}": it is none of ${OPTIONS.join(", ")}`);
}
