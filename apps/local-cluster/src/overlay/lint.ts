import { createMesh, type JsonObject, MeshError } from "@hookline/mesh";
import { UpError } from "../errors.ts";

/** Throws LINT with what is wrong with the resources' routing; says nothing of what is only doubtful. */
export function refuseFaults(resources: readonly JsonObject[]): void {
  try {
    createMesh(resources);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new UpError(`Cannot route: ${error.message}`, { code: "LINT", cause: error });
  }
}
