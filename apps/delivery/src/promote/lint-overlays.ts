import { readdirSync } from "node:fs";
import { join } from "node:path";
import { BuildError, build } from "@hookline/kustomize-ts";
import { createMesh, MeshError } from "@hookline/mesh";
import { DeliveryError } from "../errors.ts";

/** Renders every overlay and holds its routes against the mesh; throws DeliveryError LINT with what is wrong. */
export function lintOverlays(root: string): void {
  const overlays = join(root, "gitops/overlays");
  for (const name of readdirSync(overlays).sort()) {
    try {
      createMesh(build(join(overlays, name)).resources.map(({ value }) => value));
    } catch (error) {
      if (!(error instanceof MeshError || error instanceof BuildError)) throw error;
      const message = `Cannot go on: overlay ${name} would be wrong: ${error.message}`;
      throw new DeliveryError(message, { code: "LINT", cause: error });
    }
  }
}
