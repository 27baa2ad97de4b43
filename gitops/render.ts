import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build, type FileSystem } from "@hookline/kustomize-ts";
import { parseAllDocuments } from "yaml";

/** The folder that Argo CD reads. */
export const TREE = import.meta.dir;

/** The overlays of a tree, by name: its folders, an empty one among them. */
export function listOverlays(tree: string = TREE): string[] {
  return readdirSync(join(tree, "overlays"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The rendered text of a kustomization, as Argo CD's Kustomize gives it. Throws a BuildError. */
export function renderText(directory: string, fs?: FileSystem): string {
  return render(directory, fs).text;
}

/** The same as resources. */
export function renderResources(directory: string, fs?: FileSystem): unknown[] {
  return render(directory, fs).resources.map(({ value }) => value);
}

function render(directory: string, fs: FileSystem | undefined) {
  // The order that the program has when no --reorder is given.
  return build(directory, { reorder: "legacy", ...(fs === undefined ? {} : { fs }) });
}

/** The resources in a text. Refuses what is no YAML, by the name of its file. */
export function parseResources(text: string, file = "rendered text"): unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw new SyntaxError(`Cannot read ${file}: ${error.message}`, { cause: error });
    return document.toJS();
  });
}
