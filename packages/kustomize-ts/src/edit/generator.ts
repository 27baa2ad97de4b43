import type { FlagSpecs } from "../command-line/flags.ts";
import { formatWords, isObject, isSameNamespace, readNames } from "./arguments.ts";
import { type Edit, type EditCommand, refuse } from "./edit.ts";
import { readList, readMap } from "./fields.ts";
import { checkSources, readFileSources } from "./generator-sources.ts";
import { removeItems } from "./remove.ts";
import { appendValue, setValue } from "./splice.ts";

/** The two generators of a kustomization and how their entries are spoken of. */
interface Generator {
  readonly field: "configMapGenerator" | "secretGenerator";
  readonly what: "configmap" | "secret";
  readonly kind: "ConfigMap" | "Secret";
}

const CONFIG_MAP: Generator = {
  field: "configMapGenerator",
  what: "configmap",
  kind: "ConfigMap",
};
const SECRET: Generator = { field: "secretGenerator", what: "secret", kind: "Secret" };
const FLAGS_WRONG = "failed to validate flags";
const BEHAVIORS = ["create", "merge", "replace"];

const NAMESPACE: FlagSpecs = {
  namespace: { kind: "string", value: "NAME", about: "the namespace of the entry" },
};

const SOURCES: FlagSpecs = {
  ...NAMESPACE,
  "from-file": { kind: "csv", value: "[KEY=]FILE", about: "a file; its name is the key" },
  "from-literal": { kind: "list", value: "KEY=VALUE", about: "a key and its value" },
  "from-env-file": { kind: "string", value: "FILE", about: "a file of KEY=VALUE lines" },
  disableNameSuffixHash: { kind: "boolean", about: "leave the name without a hash" },
};

export const addConfigMap: EditCommand = {
  usage: "NAME --from-literal KEY=VALUE...",
  about: "adds to configMapGenerator, or to its entry of that name",
  flags: {
    ...SOURCES,
    behavior: { kind: "string", value: BEHAVIORS.join("|"), about: "what to do with a base's" },
  },
  run: (edit) => addEntry(edit, CONFIG_MAP),
};

export const addSecret: EditCommand = {
  usage: "NAME --from-literal KEY=VALUE...",
  about: "adds to secretGenerator, or to its entry of that name",
  flags: { ...SOURCES, type: { kind: "string", value: "TYPE", about: "Opaque when not given" } },
  run: (edit) => addEntry(edit, SECRET),
};

function addEntry(edit: Edit, generator: Generator): string {
  const { what } = generator;
  const files = readFileSources(edit);
  const name = readName(edit);
  const literals = edit.flags.list("from-literal");
  const env = edit.flags.text("from-env-file") || undefined;
  const behavior = edit.flags.text("behavior") ?? "";
  if (env === undefined && files.length + literals.length === 0) {
    refuse(
      edit,
      `${FLAGS_WRONG}: at least from-env-file, or from-file or from-literal must be set`,
    );
  }
  if (env !== undefined && files.length + literals.length > 0) {
    refuse(edit, `${FLAGS_WRONG}: from-env-file cannot be combined with from-file or from-literal`);
  }
  if (behavior !== "" && !BEHAVIORS.includes(behavior)) {
    refuse(
      edit,
      `${FLAGS_WRONG}: invalid behavior: must be one of "create", "merge", or "replace"`,
    );
  }
  const { text, index } = findOrAddEntry(edit, generator, name);
  const path = [generator.field, index] as const;
  const lists = [
    ["literals", literals],
    ["files", files],
    ["envs", env === undefined ? [] : [env]],
  ] as const;
  const sourced = lists.reduce(
    (result, [key, values]) =>
      values.reduce((inner, value) => appendValue(inner, [...path, key], value), result),
    text,
  );
  checkSources(edit, { what, name }, readMap(sourced, path) ?? {});
  const named = behavior === "" ? sourced : setValue(sourced, [...path, "behavior"], behavior);
  return withOptions(named, path, edit.flags.isOn("disableNameSuffixHash"));
}

function findOrAddEntry(
  edit: Edit,
  { field, what }: Generator,
  name: string,
): { readonly text: string; readonly index: number } {
  const namespace = edit.flags.text("namespace") ?? "";
  const index = findEntry(edit.text, field, { name, namespace });
  if (index !== -1) {
    return { text: edit.text, index };
  }
  const entry = {
    name,
    ...(namespace === "" ? {} : { namespace }),
    ...(what === "secret" ? { type: edit.flags.text("type") ?? "Opaque" } : {}),
  };
  const text = appendValue(edit.text, [field], entry);
  return { text, index: readList(text, field).length - 1 };
}

/**
 * The real one writes the kustomization's generatorOptions into the entry that it edits (it checks the
 * entry by making it, and keeps what it merged: addconfigmap.go); so do we, for the same bytes.
 */
function withOptions(
  text: string,
  path: readonly [string, number],
  disableNameSuffixHash: boolean,
): string {
  const global = readMap(text, ["generatorOptions"]);
  const own = disableNameSuffixHash
    ? { disableNameSuffixHash: true }
    : readMap(text, [...path, "options"]);
  const merged = mergeOptions(global, own);
  return merged === undefined ? text : setValue(text, [...path, "options"], merged);
}

type Options = Readonly<Record<string, unknown>> | undefined;

function mergeOptions(global: Options, own: Options): Options {
  if (global === undefined) {
    return own;
  }
  const maps = ["labels", "annotations"].map((key) => {
    const [outer, inner] = [global[key], own?.[key]];
    return [key, { ...(isObject(outer) ? outer : {}), ...(isObject(inner) ? inner : {}) }] as const;
  });
  const flags = ["disableNameSuffixHash", "immutable"].map(
    (key) => [key, global[key] === true || own?.[key] === true] as const,
  );
  return Object.fromEntries([
    ...maps.filter(([, map]) => Object.keys(map).length > 0),
    ...flags.filter(([, on]) => on),
  ]);
}

const CHANGES: FlagSpecs = {
  ...NAMESPACE,
  "from-literal": { kind: "list", value: "KEY=VALUE", about: "a key that is there, its new value" },
  "new-namespace": { kind: "string", value: "NAME", about: "the namespace it shall have" },
};

/** A command that changes literals or the namespace of an entry that is there. */
function setEntry({ field, what, kind }: Generator): EditCommand {
  return {
    usage: "NAME --from-literal KEY=VALUE...",
    about: `changes an entry of ${field}`,
    flags: CHANGES,
    run: (edit) => {
      const name = readName(edit);
      const newNamespace = edit.flags.text("new-namespace") ?? "";
      const literals = edit.flags.list("from-literal");
      if (literals.length === 0 && newNamespace === "") {
        refuse(
          edit,
          `${FLAGS_WRONG}: at least one of [--from-literal, --new-namespace] must be specified`,
        );
      }
      const index = findEntry(edit.text, field, { name, namespace: edit.flags.text("namespace") });
      if (index === -1) {
        refuse(
          edit,
          `failed to create ${what}: could not set new ${kind} value: unable to find ${kind} with name "${name}"`,
        );
      }
      const path = [field, index] as const;
      const text = literals.reduce(
        (result, literal) => setLiteral({ ...edit, text: result }, { path, what, literal }),
        edit.text,
      );
      const moved =
        newNamespace === "" ? text : setValue(text, [...path, "namespace"], newNamespace);
      return withOptions(moved, path, false);
    },
  };
}

export const setConfigMap = setEntry(CONFIG_MAP);
export const setSecret = setEntry(SECRET);

function setLiteral(
  edit: Edit,
  { path, what, literal }: { path: readonly [string, number]; what: string; literal: string },
): string {
  const key = keyOf(literal);
  const context = `failed to create ${what}: failed to update literal sources`;
  if (key === undefined) {
    refuse(
      edit,
      `${context}: failed to update resource: invalid format: literal values must be specified in the key=value format`,
    );
  }
  const literals = readMap(edit.text, path)?.["literals"];
  const index = Array.isArray(literals)
    ? literals.findIndex((item) => keyOf(String(item)) === key)
    : -1;
  return index === -1
    ? refuse(edit, `${context}: key '${key}' not found in resource`)
    : setValue(edit.text, [...path, "literals", index], literal);
}

function keyOf(literal: string): string | undefined {
  const equals = literal.indexOf("=");
  return equals > 0 ? literal.slice(0, equals) : undefined;
}

/** A command that takes entries out by name. */
function removeEntry({ field, what }: Generator): EditCommand {
  return {
    usage: "NAME,NAME",
    about: `removes from ${field}`,
    flags: NAMESPACE,
    run: (edit) => {
      const names = readNames(
        edit,
        `at least one ${what} name must be specified`,
        `too many arguments: ${formatWords(edit.flags.positional)}; to provide multiple ${what}s to remove, please separate ${what} names by commas`,
      );
      const namespace = edit.flags.text("namespace");
      const missing = names.filter(
        (name) => findEntry(edit.text, field, { name, namespace }) === -1,
      );
      if (missing.length === names.length) {
        refuse(edit, `no specified ${what}(s) were found in the ${edit.file} file`);
      }
      for (const name of missing) {
        edit.warn(`${what} ${name} doesn't exist in kustomization file`);
      }
      return removeItems(
        edit.text,
        field,
        (item) =>
          isObject(item) &&
          names.includes(String(item["name"])) &&
          isSameNamespace(item["namespace"], namespace),
      );
    },
  };
}

export const removeConfigMap = removeEntry(CONFIG_MAP);
export const removeSecret = removeEntry(SECRET);

function readName(edit: Edit): string {
  const [name, ...rest] = edit.flags.positional;
  return name === undefined || rest.length > 0
    ? refuse(edit, `${FLAGS_WRONG}: name must be specified once`)
    : name;
}

function findEntry(
  text: string,
  field: string,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
): number {
  return readList(text, field).findIndex(
    (item) =>
      isObject(item) && item["name"] === name && isSameNamespace(item["namespace"], namespace),
  );
}
