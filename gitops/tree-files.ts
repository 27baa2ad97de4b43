import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
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

/** The charts that have values of ours, by their folder in platform/. */
export function listCharts(): string[] {
  return readdirSync(join(TREE, "platform")).filter((chart) => existsSync(pathOfValues(chart)));
}

/** The values of ours for a chart, as text. */
export function readValues(chart: string): string {
  return readFileSync(pathOfValues(chart), "utf8");
}

function pathOfValues(chart: string): string {
  return join(TREE, "platform", chart, "values.yaml");
}
