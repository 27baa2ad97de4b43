import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setWeight } from "../promote/weights.ts";
import { readPins, setPin } from "../release/deploy.ts";

/** What is pinned before the first release, without a digest; anything else is a program. */
const TAGS: ReadonlyMap<string, string> = new Map([
  ["model-stable", "1.0.0"],
  ["model-shadow", "2.0.0"],
]);
/** Where the images are that we release; those of others stay. */
const OURS = "ghcr.io/";
const PROGRAM_TAG = "0.1.0";

/**
 * Takes a tree back to where nothing was released or promoted, whatever was since: what is expected of a command is
 * written down, and does not change with the tree. What is generated stays as it is.
 */
export function startOver(root: string): void {
  const gitops = join(root, "gitops");
  for (const pin of readPins(gitops).filter(({ image }) => image.startsWith(OURS))) {
    const tag = TAGS.get(pin.role) ?? PROGRAM_TAG;
    if (pin.tag !== tag || pin.digest !== undefined) {
      setPin(gitops, { ...pin, tag, digest: undefined });
    }
  }
  const routes = join(gitops, "components/canary/routes-patch.yaml");
  writeFileSync(routes, setWeight(readFileSync(routes, "utf8"), "v2", 10));
}
