import { join } from "node:path";
import { listOverlays, renderText, TREE } from "./render.ts";

const HEADER = "# Written by `bun run render` from overlays/, to be read in review. Do not edit.\n";

/** The file that holds what an overlay renders to. */
export function goldenPath(overlay: string): string {
  return join(TREE, "golden", `${overlay}.yaml`);
}

/** What that file has to hold. */
export async function renderGolden(overlay: string): Promise<string> {
  return HEADER + (await renderText(join(TREE, "overlays", overlay)));
}

/** Writes all of them; returns the overlays whose file changed. */
export async function writeGolden(): Promise<string[]> {
  const changed: string[] = [];
  for (const overlay of listOverlays()) {
    const path = goldenPath(overlay);
    const text = await renderGolden(overlay);
    const file = Bun.file(path);
    if ((await file.exists()) && (await file.text()) === text) continue;
    await Bun.write(path, text);
    changed.push(overlay);
  }
  return changed;
}
