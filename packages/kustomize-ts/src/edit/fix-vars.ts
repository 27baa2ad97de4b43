import { posix } from "node:path";
import { KUSTOMIZATION_FILE_NAMES } from "../kustomization.ts";
import { readDocuments } from "../read-resources.ts";
import { parseApiVersion } from "../res-id.ts";
import { toJsonObject } from "../yaml/convert.ts";
import { emitNode } from "../yaml/emit-node.ts";
import { entriesOf, getField, textOf, type YamlNode } from "../yaml/node.ts";
import { parseDocument } from "../yaml/parser.ts";
import { isObject } from "./arguments.ts";
import { type Edit, type EditFolder, refuse } from "./edit.ts";
import { readList } from "./fields.ts";
import { removeValue, setValue } from "./splice.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A place where a var stands, and how its value is told from what is around it. */
interface Found {
  readonly path: string;
  readonly options: Fields;
}

interface Files {
  /** The files that vars may stand in, in order. */
  readonly paths: readonly string[];
  /** The patches among them, each with its entry of `patches`. */
  readonly patches: ReadonlyMap<string, Fields>;
}

/**
 * `edit fix --vars` (commands/edit/fix/convert.go): each var becomes a replacement whose targets are where
 * `$(NAME)` stands in the resources and patches; there `NAME_PLACEHOLDER` is written instead. Replacements
 * that were there go, as with the real one. Nothing is written when one var cannot be converted.
 */
export function convertVars(edit: Edit): string {
  const vars = readList(edit.text, "vars").filter(isObject);
  if (vars.length === 0) return edit.text;
  const files = listFiles(edit);
  const contents = readContents(files.paths, edit.folder);
  const replacements = vars.map((entry) => {
    const name = text(entry, "name");
    const targets = files.paths.flatMap((path) =>
      findTargets(edit, { path, name, files, contents }),
    );
    for (const [path, content] of contents) {
      contents.set(
        path,
        content.replaceAll(`$(${name})`, () => `${name}_PLACEHOLDER`),
      );
    }
    return { source: createSource(entry), ...(targets.length === 0 ? {} : { targets }) };
  });
  for (const [path, content] of contents) {
    if (content !== edit.folder.readFile(path)) edit.folder.writeFile(path, content);
  }
  return setValue(removeValue(edit.text, ["vars"]), ["replacements"], replacements);
}

function listFiles({ text: kustomization, folder }: Edit): Files {
  const patches = new Map<string, Fields>();
  const paths = touchedFiles(
    {
      resources: readList(kustomization, "resources"),
      patches: readList(kustomization, "patches"),
    },
    { at: "", folder, patches },
  );
  return { paths, patches };
}

/** As in the real one, the folders that a base names are sought in the folder at hand. */
function touchedFiles(
  { resources, patches: entries }: Record<"patches" | "resources", readonly unknown[]>,
  { at, folder, patches }: { at: string; folder: EditFolder; patches: Map<string, Fields> },
): string[] {
  const paths: string[] = [];
  for (const resource of resources) {
    if (typeof resource !== "string") continue;
    for (const name of [...KUSTOMIZATION_FILE_NAMES].sort()) {
      const content = folder.readFile(posix.join(resource, name));
      if (content === undefined) continue;
      paths.push(...touchedFiles(readBase(content), { at: resource, folder, patches }));
    }
    paths.push(posix.join(at, resource));
  }
  for (const patch of entries) {
    const path = isObject(patch) ? text(patch, "path") : "";
    if (!isObject(patch) || path === "") continue;
    paths.push(posix.join(at, path));
    patches.set(posix.join(at, path), patch);
  }
  return paths;
}

function readBase(content: string): Record<"patches" | "resources", readonly unknown[]> {
  const root = parseDocument(content, { file: "", dialect: "v2" })?.root;
  const { resources, patches } = root?.kind === "map" ? toJsonObject(root) : {};
  return {
    resources: Array.isArray(resources) ? resources : [],
    patches: Array.isArray(patches) ? patches : [],
  };
}

function readContents(paths: readonly string[], folder: EditFolder): Map<string, string> {
  const contents = new Map<string, string>();
  for (const path of paths) {
    const content = folder.readFile(path);
    if (content !== undefined) contents.set(path, content);
  }
  return contents;
}

interface Search {
  readonly path: string;
  readonly name: string;
  readonly files: Files;
  readonly contents: ReadonlyMap<string, string>;
}

function findTargets(edit: Edit, { path, name, files, contents }: Search): Fields[] {
  return readNodes(contents.get(path) ?? "", path).flatMap((node) => {
    const found = findVar(node, `$(${name})`, []);
    if (found === undefined) {
      return refuse(
        edit,
        `error with ${path}: cannot convert all vars to replacements; $(${name}) is not delimited`,
      );
    }
    const patch = files.patches.get(path);
    const select = selectorOf(node, patch);
    return found.map(({ path: fieldPath, options }) => ({
      ...(Object.keys(options).length === 0 ? {} : { options }),
      select,
      fieldPaths: [fieldPath],
    }));
  });
}

/** The documents of a file; one that is no YAML has none, as for the real one. */
function readNodes(content: string, path: string): YamlNode[] {
  try {
    return readDocuments(content, path, { keepsAliases: true });
  } catch {
    return [];
  }
}

/** Every text with the var in it; undefined when one has it between two different characters. */
function findVar(node: YamlNode, name: string, path: readonly string[]): Found[] | undefined {
  if (node.kind === "scalar") {
    if (!node.value.includes(name)) return [];
    const options = optionsFor(node.value, name);
    return options === undefined ? undefined : [{ path: path.join("."), options }];
  }
  const children: (readonly [string, YamlNode])[] =
    node.kind === "seq"
      ? node.content.map((item, index) => [String(index), item])
      : node.kind === "map"
        ? [...entriesOf(node)].map(([key, value]) => [stepOf(key), value])
        : [];
  const all: Found[] = [];
  for (const [step, child] of children) {
    const found = findVar(child, name, [...path, step]);
    if (found === undefined) return undefined;
    all.push(...found);
  }
  return all;
}

function stepOf(key: YamlNode): string {
  const step = emitNode(key).trim();
  return step.includes(".") ? `[${step}]` : step;
}

/**
 * What parts the var from the rest of the text: the byte beside it, as a character, and which part it is
 * then. The real one splits letters of several bytes as well, and so misses.
 */
function optionsFor(value: string, name: string): Fields | undefined {
  if (value === name) return {};
  const at = value.indexOf(name);
  const [before, after] = [value.slice(0, at), value.slice(at + name.length)];
  const [left, right] = [characterOf(before, -1), characterOf(after, 0)];
  if (at === 0) return { delimiter: right };
  if (after !== "" && left !== right) return undefined;
  const parts = value.split(left);
  const index = after === "" ? parts.length - 1 : parts.indexOf(name);
  return index === 0 ? { delimiter: left } : { delimiter: left, index };
}

function characterOf(text: string, at: number): string {
  return String.fromCharCode(Buffer.from(text).at(at) ?? 0);
}

/** A resource is selected by what it is, the target of a patch as the patch selects it. */
function selectorOf(node: YamlNode, patch: Fields | undefined): Fields {
  const metadata = getField(node, "metadata");
  const namespace = textOf(getField(metadata, "namespace"));
  const [name, kind] = [textOf(getField(metadata, "name")), textOf(getField(node, "kind"))];
  const options = isObject(patch?.["options"]) ? patch["options"] : {};
  const { allowNameChange = false, allowKindChange = false } = options;
  if (patch === undefined || (allowNameChange === true && allowKindChange === true)) {
    return filled({
      ...parseApiVersion(textOf(getField(node, "apiVersion"))),
      kind,
      name,
      namespace,
    });
  }
  return filled({
    ...(isObject(patch["target"]) ? patch["target"] : {}),
    ...(allowNameChange === true ? { name } : {}),
    ...(allowKindChange === true ? { kind } : {}),
    ...(namespace === "" ? {} : { namespace }),
  });
}

function createSource(entry: Fields): Fields {
  const objref = isObject(entry["objref"]) ? entry["objref"] : {};
  const fieldref = isObject(entry["fieldref"]) ? entry["fieldref"] : {};
  const [kind, name, namespace] = [
    text(objref, "kind"),
    text(objref, "name"),
    text(objref, "namespace"),
  ];
  const fieldPath = text(fieldref, "fieldPath") || text(fieldref, "fieldpath");
  return filled({
    ...parseApiVersion(text(objref, "apiVersion")),
    kind,
    name,
    namespace,
    fieldPath,
  });
}

/** The fields that hold something. */
function filled(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}

function text(map: Fields, name: string): string {
  const value = map[name];
  return typeof value === "string" ? value : "";
}
