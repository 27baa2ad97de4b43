import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TREE } from "./render.ts";

/** The folders that rendering reads. */
const FOLDERS = ["base", "components", "overlays"];

/** A copy of the YAML in a folder of its own, to be changed and thrown away. */
export function copyTree(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "hookline-gitops-"));
  for (const folder of FOLDERS) {
    cpSync(join(TREE, folder), join(path, folder), { recursive: true });
  }
  return { path, remove: () => rmSync(path, { recursive: true }) };
}
