import type { EditFolder } from "./edit.ts";
import { matchesGlob } from "./glob.ts";
import { runEdit } from "./run.ts";

export const HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/** A folder in memory for tests; what is written replaces what was there. */
export function createFolder(files: Readonly<Record<string, string>>): EditFolder & {
  readonly read: (path?: string) => string;
} {
  const texts = new Map(Object.entries(files));
  const folders = [...texts.keys()].map((path) => path.split("/").slice(0, -1).join("/"));
  const names = [...texts.keys(), ...folders.filter((path) => path !== "")];
  return {
    exists: (path) => names.includes(path),
    glob: (pattern) => names.filter((name) => matchesGlob(pattern, name)).sort(),
    readFile: (path) => texts.get(path),
    writeFile: (path, text) => void texts.set(path, text),
    read: (path = "kustomization.yaml") => texts.get(path) ?? "",
  };
}

/** What an edit makes of a kustomization that has a few files beside it. */
export function edit(text: string, words: readonly string[]): string {
  const folder = createFolder({
    "kustomization.yaml": text,
    "a.yaml": "",
    "b.yaml": "",
    "c.yaml": "",
    "app.env": "",
    "base/kustomization.yaml": "",
  });
  runEdit(words, folder);
  return folder.read();
}
