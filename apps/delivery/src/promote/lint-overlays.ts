import { readdirSync } from "node:fs";
import { join } from "node:path";
import { BuildError, build, parseYaml } from "@hookline/kustomize-ts";
import { lint } from "@hookline/mesh";
import { DeliveryError } from "../errors.ts";

/** Renders every overlay and lints its routes and limits; throws DeliveryError LINT with what is wrong. */
export function lintOverlays(root: string): void {
  const overlays = join(root, "gitops/overlays");
  const folders = readdirSync(overlays, { withFileTypes: true }).filter((one) => one.isDirectory());
  for (const name of folders.map((one) => one.name).sort()) {
    const [first] = lintOverlay(join(overlays, name));
    if (first === undefined) continue;
    const message = `Cannot go on: overlay ${name} would be wrong: ${first}`;
    throw new DeliveryError(message, { code: "LINT" });
  }
}

/** The errors and warnings of an overlay, a sentence each. */
function lintOverlay(path: string): string[] {
  try {
    const resources = build(path).resources.map(({ value }) => value);
    return lint(resources, { parseYaml: (text) => parseYaml(text, path) })
      .filter(({ level }) => level !== "info")
      .map(({ code, resource, message }) => `${code} ${resource}: ${message}`);
  } catch (error) {
    if (error instanceof BuildError) return [error.message];
    throw error;
  }
}
