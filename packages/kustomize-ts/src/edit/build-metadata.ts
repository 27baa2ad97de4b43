import { formatWords, readNames } from "./arguments.ts";
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
        refuse(edit, `${FIELD} option ${option} already in kustomization file`);
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
    for (const option of options.filter((name) => !readList(edit.text, FIELD).includes(name))) {
      edit.warn(`${FIELD} does not have "${option}"`);
    }
    return removeItems(edit.text, FIELD, (item) => options.includes(String(item)));
  },
};

function readOptions(edit: Edit): readonly string[] {
  const options = readNames(
    edit,
    `must specify a ${FIELD} option`,
    `too many arguments: ${formatWords(edit.flags.positional)}; to provide multiple ${FIELD} options, please separate options by comma`,
  );
  const unknown = options.find((option) => !OPTIONS.includes(option));
  return unknown === undefined ? options : refuse(edit, `invalid ${FIELD} option: ${unknown}`);
}
