import { readPairs } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList, readMap } from "./fields.ts";
import { appendValue, setValue } from "./splice.ts";

const REMOTE = /:\/\/|^git@|^git::|^github\.com[/:]|[?&]ref=/;

interface AddFilesOptions {
  readonly field: string;
  readonly what: string;
  /** What is said when no file is named. */
  readonly wanted: string;
  /** A word that no file matches may be an address, and is a mistake when it is none. */
  readonly remote?: boolean;
  /** Whether files may be added without a look for them. */
  readonly noVerify?: boolean;
}

/** A command that appends files to a list; patterns stand for the files that match. */
function addFiles(options: AddFilesOptions): EditCommand {
  const { field, what, wanted, noVerify = false } = options;
  return {
    usage: "FILE|PATTERN...",
    about: `adds to ${field}`,
    flags: noVerify
      ? { "no-verify": { kind: "boolean", about: "add without looking whether the file is there" } }
      : {},
    run: (edit) => {
      if (edit.flags.positional.length === 0) {
        refuse(edit, wanted);
      }
      const unchecked = edit.flags.isOn("no-verify");
      const paths = edit.flags.positional.flatMap((word) =>
        unchecked ? [word] : findFiles(edit, word, options),
      );
      if (paths.length === 0) return undefined;
      return paths
        .filter((path) => options.remote !== true || path !== edit.file)
        .reduce((text, path) => appendOnce({ ...edit, text }, { field, what }, path), edit.text);
    },
  };
}

function findFiles(edit: Edit, word: string, { remote }: AddFilesOptions): readonly string[] {
  const matches = edit.folder.glob(word);
  if (matches.length > 0) {
    return matches;
  }
  if (remote !== true) {
    edit.warn(`${word} has no match`);
    return [];
  }
  return REMOTE.test(word) ? [word] : refuse(edit, `${word} has no match`);
}

function appendOnce(
  edit: Edit,
  { field, what }: Pick<AddFilesOptions, "field" | "what">,
  value: string,
): string {
  if (readList(edit.text, field).includes(value)) {
    edit.warn(`${what} ${value} already in kustomization file`);
    return edit.text;
  }
  return appendValue(edit.text, [field], value);
}

export const addResource = addFiles({
  field: "resources",
  what: "resource",
  wanted: "must specify a resource file",
  remote: true,
  noVerify: true,
});
export const addComponent = addFiles({
  field: "components",
  what: "component",
  wanted: "must specify a component file",
  remote: true,
});
export const addGenerator = addFiles({
  field: "generators",
  what: "generator",
  wanted: "must specify a yaml file which contains a generator plugin resource",
});
export const addTransformer = addFiles({
  field: "transformers",
  what: "transformer",
  wanted: "must specify a yaml file which contains a transformer plugin resource",
});

export const addBase: EditCommand = {
  usage: "FOLDER,FOLDER",
  about: "adds folders to resources",
  flags: {},
  run: (edit) => {
    const [word, ...rest] = edit.flags.positional;
    if (word === undefined || rest.length > 0) return refuse(edit, "must specify a base directory");
    return word.split(",").reduce((text, path) => {
      if (!edit.folder.exists(path)) {
        refuse(edit, `${path} does not exist`);
      }
      if (readList(text, "resources").includes(path)) {
        refuse(edit, `base ${path} already in kustomization file`);
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
    if (edit.flags.positional.length === 0) refuse(edit, "must specify label");
    if (!edit.flags.isOn("without-selector")) {
      return templates
        ? refuse(edit, "--without-selector flag must be specified for --include-templates to work")
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
      refuse(edit, `${what} ${key} already in kustomization file. Use --force to override.`);
    }
    return setValue(text, [...path, key], value);
  }, edit.text);
}
