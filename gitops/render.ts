import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** The folder that Argo CD reads. */
export const TREE = import.meta.dir;

/** The overlays of a tree, by name. */
export function listOverlays(tree: string = TREE): string[] {
  return readdirSync(join(tree, "overlays")).sort();
}

/** The rendered text of a kustomization, as `kubectl kustomize` gives it. Throws with its message. */
export async function renderText(directory: string): Promise<string> {
  const child = Bun.spawn(["kubectl", "kustomize", directory], { stdout: "pipe", stderr: "pipe" });
  const [text, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) {
    throw new Error(`Cannot render "${directory}": ${complaint.trim()}`);
  }
  return text;
}

/** The resources in a rendered text. */
export function parseResources(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** Whether the renderer is on this machine. */
export function hasRenderer(): boolean {
  return Bun.which("kubectl") !== null;
}
