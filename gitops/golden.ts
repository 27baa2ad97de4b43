import { join } from "node:path";
import { messageOf } from "@hookline/command-line";
import { renderText, TREE } from "./render.ts";

const HEADER = "# Written by `bun run render` from overlays/, to be read in review. Do not edit.\n";

/** The file that holds what an overlay renders to. */
export function goldenPath(overlay: string): string {
  return join(TREE, "golden", `${overlay}.yaml`);
}

/** What that file has to hold. Refuses an overlay that does not render, by its name. */
export function renderGolden(overlay: string): string {
  try {
    return HEADER + renderText(join(TREE, "overlays", overlay));
  } catch (error) {
    throw new Error(`Cannot render overlay "${overlay}": ${messageOf(error)}`, { cause: error });
  }
}
