import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { goldenPath } from "./golden.ts";
import { listOverlays, renderResources, TREE } from "./render.ts";

/** A judge that the gate installed, or one on the PATH. */
export function findJudge(name: string): string | undefined {
  const installed = join(TREE, "..", ".cache", "judges", "bin", name);
  return existsSync(installed) ? installed : (Bun.which(name) ?? undefined);
}

/** What judges are given, by name: the overlays, and what is ours on the platform. */
export function readManifests(): Map<string, string> {
  return new Map([
    ...listOverlays().map(
      (overlay) => [overlay, readFileSync(goldenPath(overlay), "utf8")] as const,
    ),
    [
      "platform/istio-addons",
      renderResources(join(TREE, "platform", "istio-addons"))
        .map((one) => stringify(one))
        .join("---\n"),
    ],
  ]);
}

/** Resources that are applied as their files have them. */
export function readPlainManifests(folder: string): string {
  return readdirSync(join(TREE, folder))
    .filter((file) => /^(app|servicemonitor)/.test(file))
    .map((file) => readFileSync(join(TREE, folder, file), "utf8"))
    .join("---\n");
}
