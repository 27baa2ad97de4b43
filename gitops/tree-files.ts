import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { TREE } from "./render.ts";

/** The folders that rendering an overlay reads. */
const FOLDERS = ["base", "components", "overlays"];

/** The files of the tree by their path in it, to be changed and rendered in memory. */
export function readTreeFiles(tree: string = TREE): Map<string, string> {
  return new Map(
    FOLDERS.flatMap((folder) =>
      readdirSync(join(tree, folder), { recursive: true, encoding: "utf8" })
        .map((name) => join(tree, folder, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => [relative(tree, path), readFileSync(path, "utf8")] as const),
    ),
  );
}
