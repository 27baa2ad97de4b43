import { isObject, readPairs, sortedPlace } from "./arguments.ts";
import type { Edit, EditCommand } from "./edit.ts";
import { refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { appendValue, removeValue, setValue } from "./splice.ts";

const SYNTAX = "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/";

const ANNOTATION_KEY =
  /^([a-zA-Z](([-a-zA-Z0-9.]{0,251})[a-zA-Z0-9])?\/)?[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$/;

export const setReplicas: EditCommand = {
  usage: "NAME=COUNT...",
  about: "sets how many replicas resources have",
  flags: {},
  run: (edit) => {
    if (edit.flags.positional.length === 0) {
      refuse(edit, "no replicas specified");
    }
    return edit.flags.positional.reduce((text, word) => {
      const [, name, count] = /^([^=]*)=([+-]?\d+)$/.exec(word) ?? refuseReplicas(edit);
      if (Math.abs(Number(count)) >= 2 ** 63) refuseReplicas(edit);
      return setReplica(text, name ?? "", Number(count));
    }, edit.text);
  },
};

function refuseReplicas(edit: Edit): never {
  return refuse(edit, "invalid format of replica, use the following format: <name>=<count>");
}

function setReplica(text: string, name: string, count: number): string {
  const names = readList(text, "replicas").map((item) => isObject(item) && item["name"]);
  const index = names.indexOf(name);
  return index === -1
    ? appendValue(
        text,
        ["replicas"],
        name === "" ? { count } : { count, name },
        sortedPlace(names, name),
      )
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
        return refuse(edit, `must specify exactly one ${what} value`);
      }
      return value === "" ? removeValue(edit.text, [field]) : setValue(edit.text, [field], value);
    },
  };
}

export const setNamespace = setField("namespace", "namespace");
export const setNamePrefix = setField("namePrefix", "prefix");
export const setNameSuffix = setField("nameSuffix", "suffix");

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
          refuse(edit, `invalid ${what} key: see the syntax and character set rules at ${SYNTAX}`);
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
