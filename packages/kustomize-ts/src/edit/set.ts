import { isObject, readPairs, sortedPlace } from "./arguments.ts";
import type { Edit, EditCommand } from "./edit.ts";
import { refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { appendValue, removeValue, setValue } from "./splice.ts";

const ANNOTATION_KEY =
  /^([a-zA-Z](([-a-zA-Z0-9.]{0,251})[a-zA-Z0-9])?\/)?[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$/;

export const setReplicas: EditCommand = {
  usage: "NAME=COUNT...",
  about: "sets how many replicas resources have",
  flags: {},
  run: (edit) => {
    if (edit.flags.positional.length === 0) {
      refuse(edit, "Cannot set replicas: none given, write NAME=COUNT");
    }
    return edit.flags.positional.reduce((text, word) => {
      const [, name, count] = /^([^=]*)=([+-]?\d+)$/.exec(word) ?? refuseReplicas(edit, word);
      return setReplica(text, name ?? "", Number(count));
    }, edit.text);
  },
};

function refuseReplicas(edit: Edit, word: string): never {
  return refuse(edit, `Cannot set replicas: "${word}" is not of the form NAME=COUNT`);
}

function setReplica(text: string, name: string, count: number): string {
  const names = readList(text, "replicas").map((item) => isObject(item) && item["name"]);
  const index = names.indexOf(name);
  return index === -1
    ? appendValue(text, ["replicas"], { count, name }, sortedPlace(names, name))
    : setValue(text, ["replicas", index, "count"], count);
}

/** A command that writes one string field; an empty string takes the field away. */
function setField(field: string, what: string): EditCommand {
  return {
    usage: "VALUE",
    about: `sets the ${what}`,
    flags: {},
    run: (edit) => {
      const [value, ...rest] = edit.flags.positional;
      if (value === undefined || rest.length > 0) {
        return refuse(edit, `Cannot set the ${what}: exactly one value is wanted`);
      }
      return value === "" ? removeValue(edit.text, [field]) : setValue(edit.text, [field], value);
    },
  };
}

export const setNamespace = setField("namespace", "namespace");
export const setNamePrefix = setField("namePrefix", "name prefix");
export const setNameSuffix = setField("nameSuffix", "name suffix");

/** A command that writes pairs `KEY:VALUE` into a map of the kustomization. */
function setPairs(field: string, what: string, isKey: (key: string) => boolean): EditCommand {
  return {
    usage: "KEY:VALUE...",
    about: `sets ${what}s in ${field}`,
    flags: {},
    run: (edit) => {
      const pairs = readPairs(edit, what);
      for (const key of pairs.keys()) {
        if (!isKey(key)) {
          refuse(edit, `Cannot set the ${what}: "${key}" is not a valid ${what} key`);
        }
      }
      return [...pairs].reduce(
        (text, [key, value]) => setValue(text, [field, key], value),
        edit.text,
      );
    },
  };
}

export const setLabel = setPairs("commonLabels", "label", () => true);
export const setAnnotation = setPairs("commonAnnotations", "annotation", (key) =>
  ANNOTATION_KEY.test(key),
);
