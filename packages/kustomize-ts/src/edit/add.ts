import { readPairs } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList, readMap } from "./fields.ts";
import { hasGlob } from "./glob.ts";
import { appendValue, setValue } from "./splice.ts";

const REMOTE = /:\/\/|^git@|^git::|^github\.com[/:]|[?&]ref=/;

interface AddFilesOptions {
  readonly field: string;
  readonly what: string;
  /** A word that no file matches may be an address: it is added unchecked. */
  readonly remote?: boolean;
}

/** A command that appends files to a list; patterns stand for the files that match. */
function addFiles({ field, what, remote = false }: AddFilesOptions): EditCommand {
  return {
    usage: "FILE|PATTERN...",
    about: `adds to ${field}`,
    flags: remote
      ? { "no-verify": { kind: "boolean", about: "add without looking whether the file is there" } }
      : {},
    run: (edit) => {
      if (edit.flags.positional.length === 0) {
        refuse(edit, `Cannot add the ${what}: no file given`);
      }
      const unchecked = edit.flags.isOn("no-verify");
      const paths = edit.flags.positional.flatMap((word) =>
        unchecked ? [word] : findFiles(edit, word, { field, what, remote }),
      );
      return paths
        .filter((path) => path !== edit.file)
        .reduce((text, path) => appendOnce({ ...edit, text }, field, path), edit.text);
    },
  };
}

function findFiles(edit: Edit, word: string, { what, remote }: AddFilesOptions): readonly string[] {
  const matches = edit.folder.glob(word);
  if (matches.length > 0) {
    return matches;
  }
  if (remote === true && REMOTE.test(word)) {
    return [word];
  }
  const problem = hasGlob(word) ? "no file matches the pattern" : "there is no such file";
  return refuse(edit, `Cannot add the ${what} "${word}": ${problem}`);
}

function appendOnce(edit: Edit, field: string, value: string): string {
  if (readList(edit.text, field).includes(value)) {
    edit.warn(`${field} already has "${value}"`);
    return edit.text;
  }
  return appendValue(edit.text, [field], value);
}

export const addResource = addFiles({ field: "resources", what: "resource", remote: true });
export const addComponent = addFiles({ field: "components", what: "component", remote: true });
export const addGenerator = addFiles({ field: "generators", what: "generator" });
export const addTransformer = addFiles({ field: "transformers", what: "transformer" });

export const addBase: EditCommand = {
  usage: "FOLDER,FOLDER",
  about: "adds folders to resources",
  flags: {},
  run: (edit) => {
    const [word, ...rest] = edit.flags.positional;
    if (word === undefined || rest.length > 0) {
      return refuse(edit, "Cannot add the base: write the folders as one word, FOLDER,FOLDER");
    }
    return word.split(",").reduce((text, path) => {
      if (!edit.folder.exists(path)) {
        refuse(edit, `Cannot add the base "${path}": there is no such folder`);
      }
      if (readList(text, "resources").includes(path)) {
        refuse(edit, `Cannot add the base "${path}": it is in resources already`);
      }
      return appendValue(text, ["resources"], path);
    }, edit.text);
  },
};

const FORCE = {
  force: { kind: "boolean", short: "f", about: "overwrite what is there" },
} as const;

export const addAnnotation: EditCommand = {
  usage: "KEY:VALUE...",
  about: "adds to commonAnnotations",
  flags: FORCE,
  run: (edit) => addPairs(edit, ["commonAnnotations"], "annotation"),
};

export const addLabel: EditCommand = {
  usage: "KEY:VALUE...",
  about: "adds to commonLabels, or to labels with --without-selector",
  flags: {
    ...FORCE,
    "without-selector": { kind: "boolean", about: "leave selectors alone: add to labels" },
    "include-templates": { kind: "boolean", about: "label templates too (--without-selector)" },
  },
  run: (edit) => {
    const templates = edit.flags.isOn("include-templates");
    if (!edit.flags.isOn("without-selector")) {
      return templates
        ? refuse(edit, "Cannot add the label: --include-templates wants --without-selector")
        : addPairs(edit, ["commonLabels"], "label");
    }
    const entries = readList(edit.text, "labels");
    const found = entries.findIndex((_, index) => {
      const entry = readMap(edit.text, ["labels", index]);
      return (
        (entry?.["includeSelectors"] ?? false) === false &&
        (entry?.["includeTemplates"] ?? false) === templates
      );
    });
    if (found !== -1) {
      return addPairs(edit, ["labels", found, "pairs"], "label");
    }
    const pairs = Object.fromEntries(readPairs(edit, "label"));
    const entry = templates ? { includeTemplates: true, pairs } : { pairs };
    return appendValue(edit.text, ["labels"], entry);
  },
};

function addPairs(edit: Edit, path: readonly (string | number)[], what: string): string {
  return [...readPairs(edit, what)].reduce((text, [key, value]) => {
    if (Object.hasOwn(readMap(text, path) ?? {}, key) && !edit.flags.isOn("force")) {
      refuse(edit, `Cannot add the ${what} "${key}": it is there already; --force overwrites it`);
    }
    return setValue(text, [...path, key], value);
  }, edit.text);
}
